using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Formats.Reading;
using ActorTrace.Traces.Merge;
using CsCheck;
using Xunit;
using static ActorTrace.Traces.Tests.Formats.MemorySource;

namespace ActorTrace.Traces.Tests.Formats.Reading;

/// <summary>What is written and read again is what was there.</summary>
public sealed class IdentityTests : IDisposable
{
    private static readonly TaskReference Idle1 = new(0, "swapper/1", 120);
    private static readonly TaskReference A = new(2001, "RTOS-Task1", 10);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actortrace");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Any_run_comes_back_from_a_trace_dat_to_the_nanosecond() => AnyRun.Sample(
        run => AssertSame(run.Source, TraceFormats.TraceDat, new EventList(), new EventList()),
        iterations: 60);

    [Fact]
    public void Any_run_comes_back_from_ftrace_text_to_the_microsecond() => AnyRun.Sample(
        run => AssertSame(
            run.Source, TraceFormats.Ftrace, new EventList(withTgid: true, microseconds: true), new EventList(withTgid: true, microseconds: true)),
        iterations: 60);

    [Theory]
    [InlineData(TraceView.Gpos)]
    [InlineData(TraceView.Board)]
    public void Any_kind_of_event_comes_back_from_a_trace_dat(TraceView view) => AnyKinds.Runs(withSteps: true).Sample(
        source => AssertSame(source, TraceFormats.TraceDat, new EventList(), new EventList(), view), iter: 60, threads: 1);

    [Theory]
    [InlineData("none")]
    [InlineData("zstd")]
    public void Any_kind_of_event_comes_back_from_a_trace_dat_of_version_7(string compression) => AnyKinds.Runs(withSteps: true).Sample(
        source => AssertSame(source, TraceFormats.TraceDat7.Compressed(compression), new EventList(), new EventList(), TraceView.Board), iter: 60, threads: 1);

    [Theory]
    [InlineData(TraceView.Gpos)]
    [InlineData(TraceView.Board)]
    public void Any_kind_of_event_comes_back_from_ftrace_text(TraceView view) => AnyKinds.Runs(withSteps: true).Sample(
        source => AssertSame(source, TraceFormats.Ftrace, new EventList(true, true), new EventList(true, true), view), iter: 60, threads: 1);

    [Fact]
    public void Losses_come_back_on_their_CPU_with_their_number()
    {
        MemorySource source = new MemorySource()
            .AddLane(0, Switch(0, 50, A, 0, A), Switch(0, 250, A, 1, A))
            .AddLane(1, Switch(1, 100, Idle1, 0, A), Lost(1, 200, 77), Switch(1, 200, A, 1, Idle1), Lost(1, 300, 0), Switch(1, 300, Idle1, 0, A));
        AssertSame(source, TraceFormats.TraceDat, new EventList(), new EventList());
        AssertSame(source, TraceFormats.Ftrace, new EventList(microseconds: true), new EventList(microseconds: true));
    }

    [Theory]
    [InlineData("trace.dat")]
    [InlineData("trace.dat-v7")]
    [InlineData("ftrace")]
    public void Nothing_one_event_late_times_and_many_CPUs_come_back(string name)
    {
        const int cpus = 64;
        const ulong late = 300UL * 24 * 3600 * 1_000_000_000;
        bool text = name is "ftrace";
        TraceFormat format = TraceFormats.Find(name)!;
        void Check(MemorySource source, int expected) => AssertSame(
            source, format, new EventList(microseconds: text), new EventList(microseconds: text), cpus: text ? expected : null);

        Check(new MemorySource(), 1);
        Check(new MemorySource().AddLane(1, Switch(1, 0, Idle1, 0, A)), 2);
        Check(new MemorySource().AddLane(0, Switch(0, late, A, 1, A)).AddLane(1, Switch(1, late, Idle1, 0, A), Switch(1, late + 2_000, A, 1, Idle1)), 2);
        CoreId[] cores = [.. Enumerable.Range(0, cpus).Select(cpu => new CoreId((byte)cpu))];
        VcpuId[] vcpus = [.. cores.Select(core => new VcpuId(new GuestId(0), core.Index))];
        var many = new MemorySource
        {
            Manifest = new MemorySource().Manifest with
            {
                Cores = cpus,
                Guests = [new GuestManifest("many", 0, cores, 0)],
                Lanes = [.. cores.Select((core, cpu) => new LaneManifest(vcpus[cpu], core, -1))],
            },
        };
        for (int cpu = 0; cpu < cpus; cpu += 3)
        {
            many.AddLane(cpu, Marker(0, 5_000, A, "same time") with { Vcpu = vcpus[cpu], Core = cores[cpu] });
        }

        Check(many, cpus);
    }

    private void AssertSame(MemorySource source, TraceFormat format, EventList went, EventList came, TraceView view = TraceView.Gpos, int? cpus = null)
    {
        string path = Path.Combine(_folder.FullName, "trace" + format.Extension);
        new Replay(source, view).Send(went);
        format.ToFile(new Replay(source, view), path);
        using TraceFile file = TraceFile.Open(path);
        TraceFileCounts counts = file.Send(came, new EventTypes());
        Assert.Equal(went.ByTimeAndCpu, came.ByTimeAndCpu, StringComparer.Ordinal);
        Assert.Equal(0, counts.BackwardTimes);
        if (cpus is not null || format.Name is not "ftrace")
        {
            Assert.Equal(cpus ?? new Replay(source, view).Cpus, file.Cpus);
        }
    }
}
