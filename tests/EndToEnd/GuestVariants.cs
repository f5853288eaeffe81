using System.Buffers.Binary;
using System.ComponentModel;
using System.Diagnostics;
using ActorTrace.Machine.Images;
using ActorTrace.Machine.Values;

namespace ActorTrace.EndToEnd;

/// <summary>The RTOS guest in all combinations of its build, compiled once for all tests.</summary>
internal static class GuestVariants
{
    private static readonly string[] Sets = ["arm", "thumb"];
    private static readonly string[] Levels = ["O0", "O2", "Os"];
    private static readonly string[] Translations = ["off", "short", "long"];
    private static readonly string[] Floats = ["soft", "vfp"];
    private static readonly Lazy<string> Built = new(Build);

    /// <summary>Instruction set, optimisation, translation and floating point of every variant.</summary>
    public static IEnumerable<string> Names =>
        from set in Sets
        from level in Levels
        from translation in Translations
        from floating in Floats
        select $"{set}-{level}-{translation}-{floating}";

    /// <summary>The image of a variant; skips where the cross compiler is not installed.</summary>
    public static string Image(string name) => Path.Combine(Built.Value, "variants", $"rtos-{name}.elf");

    /// <summary>A copy of an image with another number of rounds in its data.</summary>
    public static string WithRounds(string image, uint rounds, TemporaryFolder folder)
    {
        const int ProgramHeadersAt = 28;
        const int ProgramHeaderCountAt = 44;
        const int ProgramHeaderSize = 32;
        byte[] bytes = File.ReadAllBytes(image);
        Assert.True(ElfImage.Parse(bytes, image).Symbols.TryResolve("app_rounds", out GuestVa address));
        int headers = Word(bytes, ProgramHeadersAt);
        for (int i = 0; i < BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(ProgramHeaderCountAt)); i++)
        {
            int header = headers + (ProgramHeaderSize * i);
            long into = address.Value - (long)(uint)Word(bytes, header + 8);
            if (into >= 0 && into < Word(bytes, header + 16))
            {
                BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(Word(bytes, header + 4) + (int)into), rounds);
            }
        }

        string copy = folder.File(Path.GetFileName(image));
        File.WriteAllBytes(copy, bytes);
        return copy;
    }

    private static int Word(byte[] bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));

    private static string Build()
    {
        string folder = Directory.CreateTempSubdirectory("actortrace-variants-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        string source = Path.Combine(Workspace.Root, "guests", "rtos");
        ProcessStartInfo start = new("make", ["-s", "-j2", "-C", source, "OUT=" + folder, "variants"]) { RedirectStandardError = true, UseShellExecute = false };
        try
        {
            Process.Start("arm-none-eabi-gcc", "--version").WaitForExit();
            using Process make = Process.Start(start)!;
            string errors = make.StandardError.ReadToEnd();
            make.WaitForExit();
            Assert.True(make.ExitCode == 0, errors);
            return folder;
        }
        catch (Win32Exception e)
        {
            throw new SkipException("make or arm-none-eabi-gcc is not installed", e);
        }
    }
}
