using System.Buffers.Binary;
using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace ActorTrace.Machine.Tests.Guests;

/// <summary>The RTOS guest is itself tested on QEMU: what it prints, and that its truth ring is true.</summary>
public sealed partial class RtosOnQemuTests
{
    private const string EndMark = "ActorTrace RTOS: done ";
    private const int Rounds = 5;
    private const int RingBytes = 65536 * 16;
    private const double CountsPerMillisecond = 62_500;
    private const byte SwitchKind = 1;
    private const byte ReadyKind = 2;
    private const byte IdlePriority = 63;

    private static readonly Dictionary<string, Run> Runs = new(StringComparer.Ordinal);

    [SkippableTheory]
    [InlineData("rtos.elf", "off")]
    [InlineData("rtos-mmu.elf", "on")]
    public void The_console_has_the_banner_a_line_for_each_task_and_the_end_mark(string image, string mmu)
    {
        var lines = RunOf(image).Console.TrimEnd('\n').Split('\n');

        Assert.Equal($"ActorTrace RTOS: 64 priorities, 1000 ticks/s, MMU {mmu}", lines[0]);
        Assert.StartsWith("ActorTrace RTOS: CNTFRQ 62500000 Hz, ", lines[1], StringComparison.Ordinal);
        for (var task = 1; task <= 4; task++)
        {
            var work = 1 << (task - 1);
            Assert.Equal(
                $"ActorTrace RTOS: task RTOS-Task{task} priority {3 + task} period 20 ms work {work} ms",
                lines[1 + task]);
        }

        Assert.StartsWith($"{EndMark}rounds={Rounds} ", lines[6], StringComparison.Ordinal);
        Assert.Equal(7, lines.Length);
    }

    [SkippableTheory]
    [InlineData("rtos.elf")]
    [InlineData("rtos-mmu.elf")]
    public void Entries_are_numbered_in_order_of_time_and_each_switch_leaves_the_task_that_ran(string image)
    {
        var entries = RunOf(image).Entries;

        Assert.Equal(Enumerable.Range(0, entries.Count).Select(i => (uint)i), entries.Select(e => e.Sequence));
        Assert.All(entries.Zip(entries.Skip(1)), pair => Assert.True(pair.First.Counter < pair.Second.Counter));
        var switches = entries.Where(e => e.Kind == SwitchKind).ToList();
        Assert.All(switches, e => Assert.NotEqual(e.From, e.To));
        Assert.All(switches.Zip(switches.Skip(1)), pair => Assert.Equal(pair.First.To, pair.Second.From));
    }

    [SkippableTheory]
    [InlineData("rtos.elf")]
    [InlineData("rtos-mmu.elf")]
    public void The_end_mark_counts_the_entries_that_were_written_before_it(string image)
    {
        var run = RunOf(image);
        var mark = EndMarkLine().Match(run.Console);
        var counter = ulong.Parse(mark.Groups["counter"].ValueSpan, CultureInfo.InvariantCulture);
        var before = run.Entries.Where(e => e.Counter < counter).ToList();

        Assert.Equal(mark.Groups["switches"].Value, Count(before, SwitchKind));
        Assert.Equal(mark.Groups["ready"].Value, Count(before, ReadyKind));
    }

    [SkippableTheory]
    [InlineData("rtos.elf")]
    [InlineData("rtos-mmu.elf")]
    public void Each_task_runs_twice_as_long_as_the_one_before(string image)
    {
        var means = Enumerable.Range(4, 4).Select(priority => RoundsOf(RunOf(image), (byte)priority).Average()).ToList();

        Assert.InRange(means[0] / CountsPerMillisecond, 0.98, 1.02);
        Assert.All(means.Zip(means.Skip(1)), pair => Assert.InRange(pair.Second / pair.First, 1.98, 2.02));
        Assert.InRange(means[3] / means[0], 8 * 0.98, 8 * 1.02);
    }

    [SkippableTheory]
    [InlineData("rtos.elf")]
    [InlineData("rtos-mmu.elf")]
    public void Task1_becomes_ready_at_every_twentieth_tick_without_drift(string image)
    {
        var wakeUps = RunOf(image).Entries
            .Where(e => e.Kind == ReadyKind && e.To == 4 && e.From == IdlePriority)
            .Select(e => e.Counter)
            .ToList();

        Assert.Equal(Rounds, wakeUps.Count);
        Assert.All(
            wakeUps.Select((counter, round) => (counter - wakeUps[0]) / CountsPerMillisecond - (20 * round)),
            deviation => Assert.InRange(deviation, -0.01, 0.01));
    }

    [SkippableFact]
    public void Two_runs_print_the_same_counter()
    {
        Assert.Equal(RunOf("rtos.elf").Console, Start("rtos.elf").Console);
    }

    [SkippableFact]
    public void Two_cores_hand_an_interrupt_to_and_fro_a_thousand_times()
    {
        QemuGuest.Require();
        const string mark = "ActorTrace ping-pong: done ";
        var outcome = QemuGuest.Run(QemuGuest.Image("pingpong.elf"), 2, mark);

        Assert.Contains($"{mark}rounds=1000 counter=", outcome.Console, StringComparison.Ordinal);
    }

    [GeneratedRegex(
        "switches=(?<switches>[0-9]+) ready=(?<ready>[0-9]+) counter=(?<counter>[0-9]+)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex EndMarkLine();

    private static string Count(IEnumerable<Entry> entries, byte kind) =>
        entries.Count(e => e.Kind == kind).ToString(CultureInfo.InvariantCulture);

    /// <summary>How long each stay of the task on the processor was that was work, not a moment between two waits.</summary>
    private static IEnumerable<double> RoundsOf(Run run, byte priority)
    {
        var switches = run.Entries.Where(e => e.Kind == SwitchKind).ToList();
        return switches.Zip(switches.Skip(1))
            .Where(pair => pair.First.To == priority)
            .Select(pair => (double)(pair.Second.Counter - pair.First.Counter))
            .Where(length => length > CountsPerMillisecond / 2);
    }

    /// <summary>The run of an image, made once for all tests: it is the same each time.</summary>
    private static Run RunOf(string image)
    {
        lock (Runs)
        {
            if (!Runs.TryGetValue(image, out var run))
            {
                run = Start(image);
                Runs.Add(image, run);
            }

            return run;
        }
    }

    private static Run Start(string image)
    {
        QemuGuest.Require();
        var copy = Path.GetTempFileName();
        try
        {
            QemuGuest.Patch(QemuGuest.Image(image), "app_rounds", Rounds, copy);
            var ring = Physical(QemuGuest.Symbol(copy, "truth_ring"));
            var count = Physical(QemuGuest.Symbol(copy, "truth_count"));
            var outcome = QemuGuest.Run(copy, 1, EndMark, (ring, RingBytes), (count, 4));
            return new Run(outcome.Console, Decode(outcome.Memory[0], outcome.Memory[1]));
        }
        finally
        {
            File.Delete(copy);
        }
    }

    /// <summary>The images are loaded at 0x40008000; the MMU variant is linked 0x80000000 above.</summary>
    private static uint Physical(uint address) => address & 0x7FFFFFFF;

    private static List<Entry> Decode(byte[] ring, byte[] count)
    {
        var entries = new List<Entry>();
        for (var i = 0; i < BinaryPrimitives.ReadInt32LittleEndian(count); i++)
        {
            var entry = ring.AsSpan(16 * i, 16);
            entries.Add(new Entry(
                BinaryPrimitives.ReadUInt64LittleEndian(entry),
                entry[8],
                entry[9],
                entry[10],
                BinaryPrimitives.ReadUInt32LittleEndian(entry[12..])));
        }

        return entries;
    }

    private sealed record Run(string Console, List<Entry> Entries);

    private sealed record Entry(ulong Counter, byte Kind, byte From, byte To, uint Sequence);
}
