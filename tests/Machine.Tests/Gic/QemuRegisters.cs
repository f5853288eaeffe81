using System.Diagnostics;
using System.Globalization;
using System.Text;
using Xunit;

namespace ActorTrace.Machine.Tests.Gic;

/// <summary>Makes register accesses on QEMU's virt board by a program that walks a table of them, and tells what the loads read.</summary>
internal static class QemuRegisters
{
    private static readonly string[] Tools = ["qemu-system-arm", "arm-none-eabi-as", "arm-none-eabi-ld"];

    /// <summary>Prints each loaded word as eight hexadecimal digits and a line feed; ends by PSCI SYSTEM_OFF through HVC, or SMC where it runs in Hyp mode.</summary>
    private const string Program = """
        .text
        .arm
        .global _start
        _start: ldr r4, =table
                ldr r5, =table_end
                ldr r6, =0x09000000
        next:   cmp r4, r5
                bhs off
                ldmia r4!, {r0, r1, r2}
                cmp r0, #1
                beq load1
                cmp r0, #2
                beq store4
                cmp r0, #3
                beq store1
                ldr r3, [r1]
                b print
        load1:  ldrb r3, [r1]
                b print
        store4: str r2, [r1]
                b next
        store1: strb r2, [r1]
                b next
        print:  mov r7, #8
        digit:  lsr r0, r3, #28
                lsl r3, r3, #4
                cmp r0, #10
                addlo r0, r0, #48
                addhs r0, r0, #87
                str r0, [r6]
                subs r7, r7, #1
                bne digit
                mov r0, #10
                str r0, [r6]
                b next
        off:    ldr r0, =0x84000008
                mrs r1, cpsr
                and r1, r1, #31
                cmp r1, #26
                beq hyp
                .inst 0xe1400070
        hyp:    .inst 0xe1600070
        stay:   b stay
                .ltorg
        table:

        """;

    /// <summary>Skips the calling test, naming what it lacks.</summary>
    internal static void Require()
    {
        foreach (string tool in Tools)
        {
            bool found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
                .Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, tool)));
            Skip.IfNot(found, $"{tool} is not installed");
        }
    }

    /// <summary>What the loads read, in order.</summary>
    internal static IReadOnlyList<uint> Run(IEnumerable<RegisterAccess> accesses, int cores, string machine = "virt")
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("actortrace-gic-");
        try
        {
            string File(string name) => Path.Combine(folder.FullName, name);
            StringBuilder source = new(Program);
            foreach (RegisterAccess access in accesses)
            {
                int kind = (access.IsWrite ? 2 : 0) + (access.Size == 1 ? 1 : 0);
                source.Append(CultureInfo.InvariantCulture, $".word {kind}, 0x{access.Address:x}, 0x{access.Value:x}\n");
            }

            source.Append("table_end:\n");
            System.IO.File.WriteAllText(File("p.s"), source.ToString());
            Execute("arm-none-eabi-as", "-mcpu=cortex-a15", File("p.s"), "-o", File("p.o"));
            Execute("arm-none-eabi-ld", "-Ttext=0x40010000", File("p.o"), "-o", File("p.elf"));
            string console = Execute(
                "qemu-system-arm", "-M", machine, "-cpu", "cortex-a15", "-smp", cores.ToString(CultureInfo.InvariantCulture), "-nic", "none",
                "-display", "none", "-monitor", "none", "-serial", "stdio", "-kernel", File("p.elf"));
            return [.. console.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(line => uint.Parse(line, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
        }
        finally
        {
            folder.Delete(true);
        }
    }

    private static string Execute(string tool, params string[] arguments)
    {
        ProcessStartInfo start = new(tool, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{tool} did not start.");
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{tool}: {errors.GetAwaiter().GetResult()}");
        return output;
    }
}
