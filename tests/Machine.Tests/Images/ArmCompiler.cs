using System.Diagnostics;
using ActorTrace.Machine.Images;
using Xunit;

namespace ActorTrace.Machine.Tests.Images;

/// <summary>Builds small C programs with the real cross compiler and reads what binutils say about an image.</summary>
internal static class ArmCompiler
{
    private const string Compiler = "arm-none-eabi-gcc";

    /// <summary>Compiles and links a program at 0x8000.</summary>
    /// <param name="flags">e.g. -gdwarf-4.</param>
    /// <param name="sources">C sources, each a translation unit.</param>
    internal static byte[] Build(string flags, params string[] sources) =>
        Compile(flags + " -Wl,-Ttext=0x8000,-e,_start,--build-id=none", sources, []);

    /// <summary>Compiles one source into an object file.</summary>
    internal static byte[] Object(string flags, string source) => Compile(flags + " -c", [source], []);

    /// <summary>Links object files into a program at 0x8000.</summary>
    internal static byte[] Link(string flags, params byte[][] objects) =>
        Compile(flags + " -Wl,-Ttext=0x8000,-e,_start,--build-id=none", [], objects);

    private static byte[] Compile(string flags, string[] sources, byte[][] objects)
    {
        Require(Compiler);
        var folder = Directory.CreateTempSubdirectory("actortrace-images-");
        try
        {
            var arguments = new List<string>
            {
                "-mcpu=cortex-a15", "-nostdlib", "-static", "-ffreestanding", "-fno-common", "-O1", "-o", "out.elf",
            };
            arguments.AddRange(flags.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            for (int i = 0; i < sources.Length; i++)
            {
                File.WriteAllText(Path.Combine(folder.FullName, $"unit{i}.c"), sources[i]);
                arguments.Add($"unit{i}.c");
            }

            for (int i = 0; i < objects.Length; i++)
            {
                File.WriteAllBytes(Path.Combine(folder.FullName, $"unit{i}.o"), objects[i]);
                arguments.Add($"unit{i}.o");
            }

            Run(Compiler, arguments, folder.FullName);
            return File.ReadAllBytes(Path.Combine(folder.FullName, "out.elf"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Builds a program and reads it.</summary>
    internal static ElfImage Image(string flags, params string[] sources) =>
        ElfImage.Parse(Build(flags, sources), "out.elf");

    /// <summary>Skips the calling test, naming the tool that is missing.</summary>
    internal static void Require(string tool) => Skip.IfNot(
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, tool))),
        $"{tool} is not installed");

    /// <summary>What a tool prints.</summary>
    internal static string Run(string tool, IEnumerable<string> arguments, string? folder = null)
    {
        Require(tool);
        var start = new ProcessStartInfo(tool, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "",
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{tool} does not start.");
        var errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{tool}: {errors.Result}");
        return output;
    }
}
