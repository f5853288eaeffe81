using System.Diagnostics;
using System.Globalization;
using System.Text;
using Xunit;

namespace ActorTrace.Machine.Tests.Gic;

/// <summary>Makes register accesses on QEMU's virt board by a program that walks a table of them, and tells what the loads read.</summary>
internal static class QemuRegisters
{
    private static readonly string[] Tools = ["qemu-system-arm", "arm-none-eabi-as", "arm-none-eabi-ld"];

    /// <summary>
    /// Prints each loaded word as eight hexadecimal digits and a line feed; an access of no size polls until the bits of its value
    /// are clear, or, as a store, one of them is set. Ends by semihosting SYS_EXIT.
    /// </summary>
    private const string Program = """
        .text
        .arm
        .global _start
        _start: mrc p15, 0, r0, c0, c0, 5   @ some boards start all their cores here
                tst r0, #0xFF
        park:   bne park
                ldr r4, =table
                ldr r5, =table_end
                ldr r6, =transmit
        next:   cmp r4, r5
                bhs off
                ldmia r4!, {r0, r1, r2}
                cmp r0, #1
                beq load1
                cmp r0, #2
                beq store4
                cmp r0, #3
                beq store1
                cmp r0, #4
                beq until0
                cmp r0, #5
                beq until1
                ldr r3, [r1]
                b print
        load1:  ldrb r3, [r1]
                b print
        store4: str r2, [r1]
                b next
        store1: strb r2, [r1]
                b next
        until0: ldr r3, [r1]
                tst r3, r2
                bne until0
                b next
        until1: ldr r3, [r1]
                tst r3, r2
                beq until1
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
        off:    mov r0, #0x18
                ldr r1, =0x20026
                svc #0x123456
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
    /// <param name="accesses">What is done.</param>
    /// <param name="cores">How many cores the board has.</param>
    /// <param name="machine">QEMU's name of it.</param>
    /// <param name="transmit">Where its first UART takes what is printed.</param>
    /// <param name="typed">What that UART receives: a character for each access that polls, sent when that access is the next one, because
    /// QEMU's UARTs lose what comes before the last was taken.</param>
    internal static IReadOnlyList<uint> Run(
        IReadOnlyList<RegisterAccess> accesses, int cores, string machine = "virt", uint transmit = 0x0900_0000, string typed = "")
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("actortrace-gic-");
        try
        {
            string File(string name) => Path.Combine(folder.FullName, name);
            StringBuilder source = new(Program);
            source.Append(CultureInfo.InvariantCulture, $".set transmit, 0x{transmit:x}\n");
            foreach (RegisterAccess access in accesses)
            {
                int kind = access.Size == 0 ? (access.IsWrite ? 5 : 4) : (access.IsWrite ? 2 : 0) + (access.Size == 1 ? 1 : 0);
                source.Append(CultureInfo.InvariantCulture, $".word {kind}, 0x{access.Address:x}, 0x{access.Value:x}\n");
            }

            source.Append("table_end:\n");
            System.IO.File.WriteAllText(File("p.s"), source.ToString());
            Execute([], "arm-none-eabi-as", "-mcpu=cortex-a15", File("p.s"), "-o", File("p.o"));
            Execute([], "arm-none-eabi-ld", "-Ttext=0x40010000", File("p.o"), "-o", File("p.elf"));
            string[] processor = machine.StartsWith("virt", StringComparison.Ordinal) ? ["-cpu", "cortex-a15"] : [];
            string console = Execute(
                Schedule(accesses, typed), "qemu-system-arm",
                [
                    "-M", machine, .. processor, "-smp", cores.ToString(CultureInfo.InvariantCulture), "-nic", "none", "-semihosting",
                    "-display", "none", "-monitor", "none", "-serial", "stdio", "-kernel", File("p.elf"),
                ]);
            return [.. console.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(line => uint.Parse(line, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
        }
        finally
        {
            folder.Delete(true);
        }
    }

    /// <summary>After how many lines each character is typed.</summary>
    private static Queue<(int Lines, char Character)> Schedule(IReadOnlyList<RegisterAccess> accesses, string typed)
    {
        Queue<(int, char)> schedule = [];
        int lines = 0;
        foreach (RegisterAccess access in accesses)
        {
            if (access.Size == 0 && schedule.Count < typed.Length)
            {
                schedule.Enqueue((lines, typed[schedule.Count]));
            }
            else if (!access.IsWrite)
            {
                lines++;
            }
        }

        return schedule;
    }

    private static string Execute(Queue<(int Lines, char Character)> input, string tool, params string[] arguments)
    {
        ProcessStartInfo start = new(tool, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{tool} did not start.");
        process.StandardInput.AutoFlush = true;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        StringBuilder output = new();
        int lines = 0;
        string? line;
        do
        {
            if (input.TryPeek(out (int Lines, char Character) next) && next.Lines <= lines)
            {
                process.StandardInput.Write(input.Dequeue().Character);
            }

            line = process.StandardOutput.ReadLine();
            output.AppendLine(line);
            lines++;
        }
        while (line is not null);
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{tool}: {errors.GetAwaiter().GetResult()}");
        return output.ToString();
    }
}
