using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using ActorTrace.Machine.Images;
using ActorTrace.Machine.Profiles;
using ActorTrace.Machine.Tests.Images;
using ActorTrace.Machine.Values;
using Xunit;

namespace ActorTrace.Machine.Tests.Profiles;

/// <summary>A small program of ours with the type and field names of a kernel and a few tasks laid out in its memory,
/// and the profile that is shipped for that kernel.</summary>
/// <param name="Source">C.</param>
/// <param name="ProfileName">The profile.</param>
internal sealed record KernelProgram(string Source, string ProfileName)
{
    // Compiling takes most of the time of these tests.
    private static readonly ConcurrentDictionary<(string Flags, string Source), ElfImage> Built = new();

    /// <summary>Every version of DWARF with every way of optimising, and A32 with T32.</summary>
    internal static TheoryData<string> Builds
    {
        get
        {
            var flags = new TheoryData<string>();
            foreach (int version in new[] { 2, 3, 4, 5 })
            {
                foreach (string level in new[] { "-O0", "-O2", "-Os -mthumb" })
                {
                    flags.Add($"-gdwarf-{version} {level}");
                }
            }

            flags.Add("-gdwarf-4 -fdebug-types-section -gz=zlib");
            return flags;
        }
    }

    /// <summary>Builds the program and binds the profile to it.</summary>
    internal (StillGuest Guest, CompiledProfile Profile, ElfImage Image) Open(string flags)
    {
        var image = Image(flags, Source);
        return (new StillGuest(image), CompiledProfile.Bind(ProfileFile.Read(ProfileName), image), image);
    }

    /// <summary>Has the compiler compute every offset and size that the profile uses, without any debug information, and
    /// compares.</summary>
    internal void RequireLayout(string flags)
    {
        var image = Image(flags, Source);
        var check = CompiledProfile.Check(ProfileFile.Read(ProfileName), image);
        Assert.Empty(check.Problems);
        var fields = check.Uses.Where(u => u.Kind == ProfileUseKind.Field).ToArray();
        var types = check.Uses.Where(u => u.Kind == ProfileUseKind.Type && u.Size > 0).ToArray();
        Assert.True(fields.Length >= 3 && types.Length >= 1);
        var stated = new StringBuilder(Source);
        for (int i = 0; i < fields.Length; i++)
        {
            string[] path = fields[i].Name.Split('.');
            stated.AppendLine(CultureInfo.InvariantCulture, $"const unsigned offset_{i} = __builtin_offsetof({path[0]}, {path[1]});");
        }

        for (int i = 0; i < types.Length; i++)
        {
            stated.AppendLine(CultureInfo.InvariantCulture, $"const unsigned size_{i} = sizeof({types[i].Name});");
        }

        string withoutDebug = string.Join(' ', flags.Split(' ').Where(f => !f.StartsWith("-g", StringComparison.Ordinal)));
        var oracle = Image(withoutDebug, stated.ToString());
        Assert.Equal(fields.Select((f, i) => (f.Name, (long)Word(oracle, $"offset_{i}"))), fields.Select(f => (f.Name, f.Value)));
        Assert.Equal(types.Select((t, i) => (t.Name, Word(oracle, $"size_{i}"))), types.Select(t => (t.Name, t.Size)));
        foreach (var symbol in check.Uses.Where(u => u.Kind == ProfileUseKind.Variable))
        {
            Assert.True(image.Symbols.TryFind(symbol.Name, out var found), symbol.Name);
            Assert.Equal((symbol.Name, found.Address.Value, found.Size), (symbol.Name, (uint)symbol.Value, symbol.Size));
        }
    }

    /// <summary>The names of the ready tasks, in the order of their control blocks or priorities.</summary>
    internal static string[] Ready(CompiledProfile profile, StillGuest guest)
    {
        Assert.True(profile.TryReadReadySet(guest, out var set));
        return [.. set.Members.Select(m => profile.TryReadReadyTask(guest, m, out var task) ? task.Name : "?").Order(StringComparer.Ordinal)];
    }

    private static ElfImage Image(string flags, string source) =>
        Built.GetOrAdd((flags, source), program => ArmCompiler.Image(program.Flags, program.Source));

    private static uint Word(ElfImage image, string name)
    {
        Assert.True(image.Symbols.TryFind(name, out var symbol), name);
        var word = new byte[4];
        Assert.True(image.TryRead(new GuestVa(symbol.Address.Value), word));
        return BinaryPrimitives.ReadUInt32LittleEndian(word);
    }
}
