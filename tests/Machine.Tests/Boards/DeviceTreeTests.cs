using System.Diagnostics;
using ActorTrace.Machine.Boards;
using Xunit;

namespace ActorTrace.Machine.Tests.Boards;

/// <summary>The device tree, read by the unmodified tools of Debian's package device-tree-compiler.</summary>
public sealed class DeviceTreeTests
{
    private static readonly DeviceTree Virt = new()
    {
        RamStart = 0x4000_0000,
        RamSize = 128 << 20,
        Distributor = 0x0800_0000,
        CpuInterface = 0x0801_0000,
        Uart = 0x0900_0000,
        UartModel = UartModel.Pl011,
        UartInterrupt = 33,
        Flash = 0,
        Cpus = 2,
        Psci = true,
    };

    [SkippableFact]
    public void Dtc_reads_it_without_a_warning_and_writes_it_back_the_same()
    {
        (string text, string warnings) = Tool("dtc", Virt.Flatten(), "-I", "dtb", "-O", "dts", "-W", "no-interrupt_provider");
        Assert.Empty(warnings);
        Assert.StartsWith("/dts-v1/;", text, StringComparison.Ordinal);
        Tool("fdtdump", Virt.Flatten());
    }

    [SkippableTheory]
    [InlineData("/memory@40000000", "reg", "0 40000000 0 8000000")]
    [InlineData("/pl011@9000000", "reg", "0 9000000 0 1000")]
    [InlineData("/pl011@9000000", "interrupts", "0 1 4")]
    [InlineData("/interrupt-controller@8000000", "reg", "0 8000000 0 1000 0 8010000 0 2000")]
    [InlineData("/timer", "interrupts", "1 d 308 1 e 308 1 b 308 1 a 308")]
    [InlineData("/flash@0", "reg", "0 0 0 4000000 0 4000000 0 4000000")]
    [InlineData("/cpus/cpu@1", "reg", "1")]
    public void Its_cells_are_the_platform_s(string node, string property, string cells) =>
        Assert.Equal(cells, Get(Virt, "x", node, property));

    [SkippableTheory]
    [InlineData("/chosen", "stdout-path", "/pl011@9000000")]
    [InlineData("/psci", "method", "hvc")]
    [InlineData("/cpus/cpu@1", "enable-method", "psci")]
    [InlineData("/timer", "compatible", "arm,armv7-timer")]
    [InlineData("/interrupt-controller@8000000", "compatible", "arm,cortex-a15-gic")]
    [InlineData("/pl011@9000000", "compatible", "arm,pl011 arm,primecell")]
    public void Its_texts_are_the_bindings_(string node, string property, string text) => Assert.Equal(text, Get(Virt, "s", node, property));

    [SkippableFact]
    public void It_names_no_device_that_the_platform_lacks()
    {
        DeviceTree arndale = Virt with
        {
            Distributor = 0x1048_1000,
            CpuInterface = 0x1048_2000,
            Uart = 0x12C2_0000,
            UartModel = UartModel.Exynos4210,
            UartInterrupt = 85,
            Flash = null,
            Psci = false,
        };
        (string nodes, _) = Tool("fdtget", arndale.Flatten(), "-l", "FILE", "/");
        Assert.Equal(
            ["chosen", "memory@40000000", "cpus", "timer", "interrupt-controller@10481000", "uart-clock", "serial@12c20000"],
            nodes.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal("0 35 4", Get(arndale, "x", "/serial@12c20000", "interrupts"));
    }

    private static string Get(DeviceTree tree, string type, string node, string property) =>
        Tool("fdtget", tree.Flatten(), "-t", type, "FILE", node, property).Output.TrimEnd('\n');

    /// <summary>Runs a tool on a tree: in place of the argument FILE, or as the last argument.</summary>
    private static (string Output, string Errors) Tool(string name, byte[] tree, params string[] arguments)
    {
        bool found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, name)));
        Skip.IfNot(found, $"{name} is not installed (Debian's package device-tree-compiler)");
        string file = Path.Combine(Directory.CreateTempSubdirectory("actortrace-dtb-").FullName, "tree.dtb");
        try
        {
            File.WriteAllBytes(file, tree);
            string[] given = arguments.Contains("FILE", StringComparer.Ordinal)
                ? [.. arguments.Select(a => a is "FILE" ? file : a)]
                : [.. arguments, file];
            ProcessStartInfo start = new(name, given) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            string said = errors.GetAwaiter().GetResult();
            Assert.True(process.ExitCode == 0, $"{name}: {said}");
            return (output, said);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        }
    }
}
