using System.Security.Cryptography;
using System.Text;
using ActorTrace.Actors.Guests;
using ActorTrace.Actors.Recording;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Actors.Simulation;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Analysis.Twins;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;

namespace ActorTrace.EndToEnd.Compare;

/// <summary>
/// Tracing that is configured and not on costs the guest nothing: everything of its core and of itself is what it is without, bit for
/// bit. That is: every record of its core's stream, its console, its memory and registers at the end, the core's time, instructions and
/// idle cycles, and what an observer saw. Only the GPOS differs: somebody there wrote the control files.
/// </summary>
public sealed class StoppedTracingTests
{
    public static TheoryData<string> Settings => new()
    {
        "nothing enabled", "enable 0", "another guest stopped", "filter alone", "starts after the end", "taken back before its start",
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public void Configured_and_stopped_is_as_without_bit_for_bit(string setting)
    {
        Assert.Equal(Seen(Scenario([])), Seen(Scenario(Writes(setting))));
    }

    [Fact]
    public void Until_its_start_time_nothing_shows_and_from_then_on_it_is_traced()
    {
        const ulong Start = 80_000_000;
        ControlWrite[] writes =
        [
            .. Selected, Write("trace/start_ns", Start.ToString(System.Globalization.CultureInfo.InvariantCulture)), Write("trace/enable", "1"),
        ];
        Scenario until = Scenario([]) with { Duration = Clock.FromNanoseconds(Start) };
        Assert.Equal(Seen(until), Seen(until with { Control = writes }));

        SimulatedRun beyond = SimulatedRun.ByActors(Scenario(writes), 2);
        Assert.All(beyond.Probes, p => Assert.True(p.Status is "armed" && p.Balances, p.ToString()));
        VirtualInstant armed = SwitchTruth.ArmedAt(beyond, "ucos");
        Assert.InRange(armed.Cycles, Clock.FromNanoseconds(Start).Cycles, Clock.FromNanoseconds(Start + 100_000).Cycles);
        Assert.Equal(SwitchTruth.Expected(beyond, "ucos").Count, (int)beyond.Probes.Sum(p => (decimal)p.Hits));
    }

    [Fact]
    public void Enabled_and_disabled_before_the_guest_reaches_a_probe_it_is_the_same_guest_where_the_hypervisor_is_free()
    {
        // Arming and disarming enter the hypervisor of the guest's core: its steps are in the stream, but the guest cannot tell.
        Scenario free = SimulatedRun.Load("arndale", Short, ("preset: arndale\n", "preset: arndale\n  costs: {preset: zero}\n"));
        ControlWrite[] writes = [Write("trace/guest", "ucos"), Write("trace/symbol", "OSSchedLock"), Write("trace/enable", "1"), Write("trace/enable", "0")];
        GuestState off = Seen(free with { Control = [] });
        GuestState on = Seen(free with { Control = writes });
        Assert.NotEqual(off.Records, on.Records, StringComparer.Ordinal);
        Assert.Equal(off with { Records = string.Empty }, on with { Records = string.Empty });
    }

    private static (string, string) Short => ("duration: 2s", "duration: 120ms");

    private static ClockRates Clock { get; } = SimulatedRun.Load("arndale").Board.Clock;

    private static ControlWrite[] Selected => [Write("trace/guest", "ucos"), Write("trace/probes", "switch")];

    private static ControlWrite[] Writes(string setting) => setting switch
    {
        "nothing enabled" => Selected,
        "enable 0" => [.. Selected, Write("trace/enable", "0")],
        "starts after the end" => [.. Selected, Write("trace/start_ns", "3000000000"), Write("trace/enable", "1")],
        "taken back before its start" => [.. Selected, Write("trace/start_ns", "90000000"), Write("trace/enable", "1"), Write("trace/enable", "0")],
        "another guest stopped" => [Write("trace/guest", "android"), Write("trace/enable", "0")],
        "filter alone" => [.. Selected, Write("trace/filter", "every=3"), Write("trace/status", "read")],
        _ => throw new ArgumentOutOfRangeException(nameof(setting)),
    };

    private static ControlWrite Write(string file, string value) => new(Clock.FromNanoseconds(50_000_000), file, value);

    private static Scenario Scenario(ControlWrite[] control) => SimulatedRun.Load("arndale", Short) with { Control = control };

    private static GuestState Seen(Scenario scenario)
    {
        SimulatedBoard board = SimulatedBoard.Build(scenario);
        GuestHistory history = Assert.Single(board.Observe()).History;
        MemoryJournal journal = new();
        RunOutcome outcome = SimulationHost.RunInMemoryAsync(board, journal, 2, null, CancellationToken.None).GetAwaiter().GetResult();
        Assert.Null(outcome.Failure);
        GuestLease guest = board.GuestLeases[1];
        Machine.Cpu.Core core = outcome.Leases[1].Core;
        TraceRecord[] records = [.. journal.Read(StreamNames.Core(1))];
        Assert.True(records.Length > 100);
        Assert.True(history.Pieces.Count > 15);
        return new GuestState(
            RecordBytes(records), string.Concat(records.OfType<ConsoleRecord>().Select(c => c.Text)),
            Convert.ToHexString(SHA256.HashData(guest.Memory.Regions.First(r => r.Bytes.Length == guest.Spec.Platform.RamSize).Bytes)),
            string.Join(',', Enumerable.Range(0, 16).Select(i => guest.Vcpu[i])) + "," + guest.Vcpu.Cpsr,
            new CoreReading(core.Now, core.Instructions, core.IdleCycles, core.DeviceCycles),
            Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(';', history.Pieces) + string.Join(';', history.Tasks.SelectMany(t => t.Jobs))))));
    }

    private static string RecordBytes(IEnumerable<TraceRecord> records)
    {
        using RecordWriter writer = new();
        foreach (TraceRecord record in records)
        {
            writer.Add(record);
        }

        return Convert.ToHexString(SHA256.HashData(writer.Written.Span));
    }

    private sealed record GuestState(string Records, string Console, string Ram, string Registers, CoreReading Core, string Tasks);
}
