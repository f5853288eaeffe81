using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using ActorTrace.Machine.Images;

namespace ActorTrace.Actors.Tests.Workload;

/// <summary>The workload guest's kernel on QEMU's virt board, a machine that we did not write.</summary>
public sealed class KernelOnQemuTests
{
    private const string Qemu = "qemu-system-arm";

    [SkippableFact]
    public void The_kernel_boots_to_its_idle_gate_with_the_trace_interrupt_enabled()
    {
        Skip.IfNot(
            (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(f => File.Exists(Path.Combine(f, Qemu))), $"{Qemu} is not installed");
        string path = Repository.File("guests", "gpos", "bin", "gpos.elf");
        ElfImage image = ElfImage.Parse(File.ReadAllBytes(path), "gpos.elf");
        string text = Monitor(
            path, "info registers", "xp/1wx 0x08000108", "xp/1wx 0x08000440", "xp/1wx 0x08000840", "xp/1wx 0x08000c10", "xp/1wx 0x08000000");
        uint idle = Symbol(image, "model_idle");
        Assert.InRange(Value(text, @"R15=(?<v>[0-9a-f]{8})"), idle, idle + 4);
        uint psr = Value(text, @"PSR=(?<v>[0-9a-f]{8})");
        Assert.Equal((0x13u, 0u), (psr & 0x1F, psr & 0x80));
        Assert.Equal(1u, Value(text, @"08000108: 0x(?<v>[0-9a-f]{8})"));
        Assert.Equal(0xA0u, Value(text, @"08000440: 0x(?<v>[0-9a-f]{8})") & 0xFF);
        Assert.Equal(2u, Value(text, @"08000c10: 0x(?<v>[0-9a-f]{8})") & 3);
        Assert.Equal(1u, Value(text, @"08000000: 0x(?<v>[0-9a-f]{8})") & 1);
        Assert.Equal(Symbol(image, "task_stacks") + 512, Value(text, @"R13=(?<v>[0-9a-f]{8})"));
    }

    private static uint Symbol(ElfImage image, string name) => image.Symbols.TryFind(name, out ElfSymbol? found) ? found.Address.Value : 0;

    private static uint Value(string text, string pattern)
    {
        Match match = Regex.Match(text, pattern, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5));
        Assert.True(match.Success, $"{pattern} is not in: {text}");
        return uint.Parse(match.Groups["v"].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    /// <summary>Lets the image run for a million instructions' time, then asks QEMU's monitor.</summary>
    private static string Monitor(string image, params string[] questions)
    {
        ProcessStartInfo start = new(Qemu) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (string argument in (string[])[
            "-M", "virt", "-cpu", "cortex-a15", "-display", "none", "-serial", "none", "-nic", "none", "-monitor", "stdio", "-kernel", image])
        {
            start.ArgumentList.Add(argument);
        }

        using Process qemu = Process.Start(start)!;
        Thread.Sleep(TimeSpan.FromSeconds(2));
        foreach (string question in questions)
        {
            qemu.StandardInput.WriteLine(question);
        }

        qemu.StandardInput.WriteLine("quit");
        string text = qemu.StandardOutput.ReadToEnd();
        qemu.WaitForExit();
        return text;
    }
}
