using System.Globalization;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Merge;
using ActorTrace.Traces.Tests.Tools;
using Xunit;
using static ActorTrace.Traces.Tests.Formats.MemorySource;

namespace ActorTrace.Traces.Tests.Formats;

/// <summary>The edges of each format, as its unmodified tool sees them.</summary>
public sealed class EdgeCaseTests : IDisposable
{
    private const ulong Day = 86_400_000_000_000;

    private static readonly TaskReference Idle0 = new(0, "swapper/0", 120);
    private static readonly TaskReference Idle1 = new(0, "swapper/1", 120);
    private static readonly TaskReference Shell = new(77, "sh", 120);
    private static readonly TaskReference Task1 = new(2001, "RTOS-Task1", 10);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actortrace");

    public static TheoryData<string> Tools => new(ReadingTool.All.Select(t => t.Name));

    private string Result => Path.Combine(_folder.FullName, "trace");

    public void Dispose() => _folder.Delete(recursive: true);

    [SkippableTheory]
    [MemberData(nameof(Tools))]
    public void No_event_at_all(string tool) => Check(tool, new MemorySource());

    [SkippableTheory]
    [MemberData(nameof(Tools))]
    public void One_event_at_time_0(string tool) => Check(tool, new MemorySource().AddLane(1, Switch(1, 0, Idle1, 0, Task1)));

    [SkippableTheory]
    [MemberData(nameof(Tools))]
    public void Gaps_at_the_limits_of_27_and_32_bits_of_nanoseconds_and_long_ones(string tool)
    {
        ulong now = 1;
        var source = new MemorySource();
        bool on = false;
        foreach (ulong gap in (ulong[])[
            (1UL << 27) - 1, 1UL << 27, (1UL << 27) + 1, (1UL << 32) - 1, 1UL << 32, (1UL << 32) + 1, 995_000_000_000, 30 * Day])
        {
            now += gap;
            source.AddLane(1, on ? Switch(1, now, Task1, 1, Idle1) : Switch(1, now, Idle1, 0, Task1));
            on = !on;
        }

        Check(tool, source);
    }

    [SkippableTheory]
    [MemberData(nameof(Tools))]
    public void Times_after_300_days(string tool) => Check(tool, new MemorySource().AddLane(
        0, Switch(0, (300 * Day) + 1, Idle0, 0, Shell), Switch(0, (300 * Day) + 999_999_999, Shell, 1, Idle0)));

    [SkippableTheory]
    [MemberData(nameof(Tools))]
    public void The_same_time_on_two_CPUs(string tool) => Check(tool, new MemorySource()
        .AddLane(0, Switch(0, 5_000, Idle0, 0, Shell), Switch(0, 5_000, Shell, 1, Idle0), Switch(0, 9_000, Idle0, 0, Shell))
        .AddLane(1, Wakeup(1, 5_000, Idle1, Task1), Switch(1, 5_000, Idle1, 0, Task1), Switch(1, 9_000, Task1, 0, Idle1)));

    [SkippableTheory]
    [MemberData(nameof(Tools))]
    public void Names_of_15_bytes_and_more_and_such_that_are_not_ASCII(string tool)
    {
        string[] names =
        [
            "fifteen-letters", "sixteen-letters!", "a name of more than twenty bytes", "t\u00e2che", "\u6f22\u5b57", "tab\there",
            "line\nend", "\"quoted\"", "back\\slash", "comma, end", "-1 [000] 5.5: x", "$(sh) `sh` %s", "{ } = ",
        ];
        var source = new MemorySource();
        TaskReference leaves = Idle1;
        for (int i = 0; i < names.Length; i++)
        {
            var comes = new TaskReference(2001 + i, names[i], i);
            ulong at = 1000 * (ulong)(i + 1);
            source.AddLane(1, Wakeup(1, at, leaves, comes), Switch(1, at + 100, leaves, 0, comes));
            leaves = comes;
        }

        Check(tool, source.AddLane(1, Marker(1, 99_000, leaves, "I|1|end")));
    }

    [SkippableTheory]
    [MemberData(nameof(Tools))]
    public void Every_kind_of_event(string tool)
    {
        LaneRecord[] records =
        [
            Switch(0, 0, Idle0, 0, Shell),
            new IrqRecord(default, default, default, Gpos, default, Shell, 64, "arch timer's", IsEntry: true),
            new SoftirqRecord(default, default, default, Gpos, default, Shell, 1, InterruptPhase.Raise),
            new IrqRecord(default, default, default, Gpos, default, Shell, 64, "arch timer's", IsEntry: false),
            new SoftirqRecord(default, default, default, Gpos, default, Shell, 1, InterruptPhase.Entry),
            new SoftirqRecord(default, default, default, Gpos, default, Shell, 1, InterruptPhase.Exit),
            new IpiRecord(default, default, default, Gpos, default, Shell, "Rescheduling interrupts", 2, InterruptPhase.Raise),
            new IpiRecord(default, default, default, Gpos, default, Shell, "Function call interrupts", 0, InterruptPhase.Entry),
            new IpiRecord(default, default, default, Gpos, default, Shell, "Function call interrupts", 0, InterruptPhase.Exit),
            new FunctionHitRecord(default, default, default, Gpos, default, Shell, "OSTimeDly", 0x4000_1000, 0xC000_2000, 0xFFFF_FFF0),
            new FunctionReturnRecord(default, default, default, Gpos, default, Shell, "OSTimeDly", 0xC000_2000, 0x4000_1000, 0xFFFF_FFF8, default),
            new ForeignRecord(default, default, default, Gpos, default, Shell, "block", "block_rq_issue", "8,0 R 4096 [sh]"),
            Marker(0, 0, Shell, "I|77|instant"),
            Wakeup(0, 0, Shell, Task1) with { TargetCpu = 1 },
            Switch(0, 0, Shell, 1, Idle0),
        ];
        Check(tool, new MemorySource().AddLane(0, records.Select((record, i) => record with { At = new VirtualInstant(1_000 * (ulong)(i + 1)) })));
    }

    [SkippableTheory]
    [MemberData(nameof(Tools))]
    public void Idle_states_of_an_imported_trace(string tool) => Check(
        tool,
        new MemorySource { Manifest = new MemorySource().Manifest with { ImportedFrom = "t.dat" } }.AddLane(
            0, Switch(0, 1_000, Shell, 1, Idle0), new CpuIdleRecord(default, new VirtualInstant(2_000), default, Gpos, default, Idle0, 2),
            new CpuIdleRecord(default, new VirtualInstant(9_000), default, Gpos, default, Idle0, CpuIdleRecord.Exit)));

    [SkippableTheory]
    [MemberData(nameof(Tools))]
    public void Sixty_four_CPUs(string tool)
    {
        const int cpus = 64;
        VcpuId[] vcpus = [.. Enumerable.Range(0, cpus).Select(i => new VcpuId(new GuestId(0), (byte)i))];
        CoreId[] cores = [.. Enumerable.Range(0, cpus).Select(i => new CoreId((byte)i))];
        var source = new MemorySource
        {
            Manifest = new RunManifest(
                1, "wide", new ClockRates(1_000_000_000, 62_500_000, 64), cpus, [new GuestManifest("wide", 0, cores, 500)],
                [.. vcpus.Select((vcpu, i) => new LaneManifest(vcpu, cores[i], -1))], string.Empty, []),
        };
        for (int cpu = 0; cpu < cpus; cpu++)
        {
            var idle = new TaskReference(0, $"swapper/{cpu}", 120);
            var task = new TaskReference(501 + cpu, string.Create(CultureInfo.InvariantCulture, $"task{cpu}"), 50);
            ulong at = 1000 * (ulong)(cpus - cpu);
            source.AddLane(cpu, On(cpu, Wakeup(0, at, idle, task)), On(cpu, Switch(0, at + 100, idle, 0, task)), On(cpu, Switch(0, 1_000_000, task, 1, idle)));
        }

        Check(tool, source);

        LaneRecord On(int cpu, LaneRecord record) => record with { Vcpu = vcpus[cpu], Core = cores[cpu] };
    }

    [SkippableTheory]
    [InlineData("perf", "PERF_RECORD_LOST lost 77")]
    [InlineData("babeltrace2", "discarded 77 events")]
    [InlineData("babeltrace", "discarded 77 events")]
    [InlineData("lttng-schedstats", "77")]
    public void Lost_events_are_shown_with_their_number(string tool, string shown)
    {
        (TraceFormat format, string[] arguments) = tool switch
        {
            "perf" => (TraceFormats.Perf, (string[])["script", "--show-lost-events", "-i", Result]),
            "lttng-schedstats" => (TraceFormats.Ctf, ["--no-progress", Path.Combine(Result, "kernel")]),
            _ => (TraceFormats.Ctf, [Result]),
        };
        format.ToFile(new Replay(Lossy(), TraceView.Gpos), Result);
        (string[] lines, string errors, int code) = Tool.Run(null, tool, arguments);
        Assert.Equal(0, code);
        Assert.Contains(shown, string.Join('\n', lines) + errors, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Perfetto_marks_the_CPU_that_lost_events()
    {
        TraceFormats.Perfetto.ToFile(new Replay(Lossy(), TraceView.Gpos), Result);
        Assert.Equal([1], PerfettoTrace.AfterLoss(Result));
    }

    [Fact]
    public void A_table_and_a_text_have_a_line_for_lost_events()
    {
        TraceFormats.Csv.ToFile(new Replay(Lossy(), TraceView.Gpos), Result);
        Assert.Contains("200,1,0,0,,ftrace,lost_events,\"count=77\"", File.ReadAllLines(Result), StringComparer.Ordinal);
        TraceFormats.Chrome.ToFile(new Replay(Lossy(), TraceView.Gpos), Result);
        Assert.Contains("\\nCPU:1 [LOST 77 EVENTS]\\n", File.ReadAllText(Result), StringComparison.Ordinal);
    }

    private static MemorySource Lossy() => new MemorySource()
        .AddLane(0, Switch(0, 50, Idle0, 0, Shell), Switch(0, 250, Shell, 1, Idle0))
        .AddLane(1, Switch(1, 100, Idle1, 0, Task1), Lost(1, 200, 77), Switch(1, 200, Task1, 1, Idle1), Switch(1, 300, Idle1, 0, Task1));

    private void Check(string tool, MemorySource source) => ReadingTool.Named(tool).Check(source, Result);
}
