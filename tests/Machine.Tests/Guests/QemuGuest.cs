using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace ActorTrace.Machine.Tests.Guests;

/// <summary>Runs a guest image on QEMU's virt board, one instruction = 64 ns, until a line of the console appears.</summary>
internal static class QemuGuest
{
    private const string Qemu = "qemu-system-arm";
    private const string Nm = "arm-none-eabi-nm";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>What a guest left: its console text and the bytes of the memory that was asked for.</summary>
    internal sealed record Outcome(string Console, IReadOnlyList<byte[]> Memory);

    /// <summary>Where the committed image of that name stands.</summary>
    internal static string Image(string name) => Path.Combine(Root(), "guests", "rtos", "bin", name);

    /// <summary>The root of the repository.</summary>
    internal static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ActorTrace.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests run outside the repository.");
    }

    /// <summary>Skips the calling test, naming what it lacks.</summary>
    internal static void Require()
    {
        foreach (var tool in new[] { Qemu, Nm })
        {
            var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
                .Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, tool)));
            Skip.IfNot(found, $"{tool} is not installed");
        }
    }

    /// <summary>The value of a symbol, as binutils' nm reads it.</summary>
    internal static uint Symbol(string image, string symbol)
    {
        using var nm = Start(Nm, [image]);
        var lines = nm.StandardOutput.ReadToEnd().Split('\n');
        nm.WaitForExit();
        var line = Assert.Single(lines, line => line.EndsWith(" " + symbol, StringComparison.Ordinal));
        return uint.Parse(line.AsSpan(0, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    /// <summary>Writes a copy of the image in which the word at a symbol of .data has another value.</summary>
    internal static void Patch(string image, string symbol, uint value, string copy)
    {
        var bytes = File.ReadAllBytes(image);
        var address = Symbol(image, symbol);
        var headers = (int)Word(bytes, 28);
        for (var i = 0; i < BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(44)); i++)
        {
            var header = headers + (32 * i);
            var (offset, start, size) = (Word(bytes, header + 4), Word(bytes, header + 8), Word(bytes, header + 16));
            if (address >= start && address - start < size)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan((int)(offset + address - start)), value);
                File.WriteAllBytes(copy, bytes);
                return;
            }
        }

        throw new InvalidOperationException($"{symbol} is not in the file's data.");
    }

    /// <summary>Runs the image until a console line begins with the mark, then takes physical memory.</summary>
    internal static Outcome Run(string image, int cores, string mark, params (uint Address, int Length)[] memory) =>
        Run(["-M", "virt", "-smp", cores.ToString(CultureInfo.InvariantCulture), "-icount", "shift=6,sleep=off", "-kernel", image], mark, memory);

    /// <summary>The same on one core with Hyp mode, where the image begins, and without an exact clock.</summary>
    internal static Outcome RunWithHypMode(string image, string mark, params (uint Address, int Length)[] memory) =>
        Run(["-M", "virt,virtualization=on", "-m", "256M", "-kernel", image], mark, memory);

    private static Outcome Run(IEnumerable<string> machine, string mark, (uint Address, int Length)[] memory)
    {
        var folder = Directory.CreateTempSubdirectory("actortrace-qemu-");
        try
        {
            var console = Path.Combine(folder.FullName, "console");
            using var qemu = Start(
                Qemu,
                [
                    "-cpu", "cortex-a15,neon=off", "-display", "none", "-nic", "none", "-monitor", "stdio",
                    "-serial", "file:" + console, .. machine,
                ]);
            qemu.OutputDataReceived += static (_, _) => { };
            qemu.BeginOutputReadLine();
            try
            {
                WaitForLine(qemu, console, mark);
                var files = memory.Select((_, i) => Path.Combine(folder.FullName, $"memory{i}")).ToArray();
                qemu.StandardInput.WriteLine("stop");
                for (var i = 0; i < files.Length; i++)
                {
                    qemu.StandardInput.WriteLine($"pmemsave {memory[i].Address} {memory[i].Length} \"{files[i]}\"");
                }

                qemu.StandardInput.WriteLine("quit");
                Assert.True(qemu.WaitForExit(Patience), "QEMU does not end");
                return new Outcome(File.ReadAllText(console), [.. files.Select(File.ReadAllBytes)]);
            }
            finally
            {
                if (!qemu.HasExited)
                {
                    qemu.Kill();
                }
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void WaitForLine(Process qemu, string console, string mark)
    {
        var started = Stopwatch.StartNew();
        while (true)
        {
            var text = File.Exists(console) ? File.ReadAllText(console) : "";
            var at = text.IndexOf(mark, StringComparison.Ordinal);
            if (at >= 0 && text.IndexOf('\n', at) >= 0)
            {
                return;
            }

            Assert.False(qemu.HasExited, "QEMU ended early");
            Assert.True(started.Elapsed < Patience, $"no line \"{mark}\" in: {text}");
            Thread.Sleep(20);
        }
    }

    private static uint Word(byte[] bytes, int offset) =>
        BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(offset));

    private static Process Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} does not start.");
    }
}
