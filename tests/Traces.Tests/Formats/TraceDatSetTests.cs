using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Merge;
using CsCheck;
using Xunit;
using static ActorTrace.Traces.Tests.Formats.MemorySource;

namespace ActorTrace.Traces.Tests.Formats;

/// <summary>trace-cmd merges a host's and its guests' files into one order of time, and shows in each what happened there.</summary>
public sealed partial class TraceDatSetTests : IDisposable
{
    private static readonly TaskReference Idle = new(0, "swapper/0", 120);
    private static readonly TaskReference A = new(2001, "RTOS-Task1", 10);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actortrace");

    private string Set => Path.Combine(_folder.FullName, "set");

    public void Dispose() => _folder.Delete(recursive: true);

    [SkippableFact]
    public void Any_guests_and_any_traps_are_merged_by_time_and_reported_as_they_were() =>
        Gen.Select(AnyRun.Runs, HostSteps.Any).Sample(
            (run, steps) =>
            {
                steps.AddTo(run.Source);
                (string File, string Line)[] report = Report(run.Source, "-t", "-N");

                ulong[] times = [.. report.Select(row => Nanoseconds(row.Line))];
                Assert.Equal(times.Order(), times);
                Assert.Equal(OfCpu(run.Lines, 0), OfGuest(report, "guest-android.dat"), StringComparer.Ordinal);
                Assert.Equal(OfCpu(run.Lines, 1), OfGuest(report, "guest-rtos.dat"), StringComparer.Ordinal);
                for (int core = 0; core < 2; core++)
                {
                    string mark = $" [{core:d3}] ";
                    Assert.Equal(
                        steps.Lines(core),
                        OfFile(report, "host.dat").Where(line => line.Contains(mark, StringComparison.Ordinal) && !IsHypervisors(line)),
                        StringComparer.Ordinal);
                }

                Assert.Equal(
                    steps.Traps, OfFile(report, "host.dat").Count(line => line.Contains(": hyp_enter: ", StringComparison.Ordinal)));
            },
            iter: 20, threads: 1);

    [SkippableTheory]
    [InlineData(0x0000_0000u, "EXTERNAL_INTERRUPT")] // a physical interrupt
    [InlineData(0x07E0_0000u, "HLT")] // WFI
    [InlineData(0x07E0_0001u, "PAUSE_INSTRUCTION")] // WFE
    [InlineData(0x0FE0_0401u, "MSR_READ")] // MRC p15, ID group
    [InlineData(0x0FE0_0800u, "MSR_WRITE")] // MCR p15, TTBR0
    [InlineData(0x17E0_0000u, "DR_ACCESS")] // MCR p14
    [InlineData(0x4A00_0100u, "VMCALL")] // HVC #0x100
    [InlineData(0x4C00_0000u, "VMCALL")] // SMC
    [InlineData(0x8200_0006u, "EPT_VIOLATION")] // fetch that stage 2 refuses
    [InlineData(0x8200_0022u, "EXCEPTION_NMI")] // BKPT routed to the hypervisor
    [InlineData(0x938E_0047u, "EPT_VIOLATION")] // store to an emulated device
    [InlineData(0x0200_0000u, "EXCEPTION_NMI")] // unknown reason
    public void A_trap_has_the_exit_reason_that_comes_nearest_to_it_and_its_syndrome(uint hsr, string reason)
    {
        MemorySource source = new MemorySource().Add(
            StreamNames.Core(1), HostSteps.Switch(1, 5, Rtos, 0), HostSteps.Trap(1, 10, Rtos, 0x8000, hsr), HostSteps.Resume(1, 20, Rtos, 0x8004));

        string[] host = OfFile(Report(source), "host.dat");

        Assert.Contains(host, line => line.StartsWith("vcpu0/rtos-5001000 [001]", StringComparison.Ordinal)
            && line.EndsWith($"kvm_exit: reason {reason} rip 0x8000 info {hsr:x} c0de", StringComparison.Ordinal));
        Assert.Contains(host, line => line.EndsWith("kvm_entry: vcpu 0 rip 0x8004", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void The_host_names_the_thread_of_each_vcpu_of_a_guest_with_several()
    {
        var guest = new GuestId(1);
        var second = new VcpuId(guest, 1);
        MemorySource source = Smp()
            .Add(StreamNames.Core(1), HostSteps.Switch(1, 0, Rtos, 0), HostSteps.Trap(1, 10, Rtos, 0, 0), HostSteps.Switch(1, 20, second, 1), HostSteps.Resume(1, 30, second, 0))
            .AddLane(1, Switch(1, 5, Idle, 0, A))
            .AddLane(2, Switch(1, 40, Idle, 0, A) with { Vcpu = second });

        (string File, string Line)[] report = Report(source, "-t");

        Assert.Equal(
            ["<idle>-0 [000] 0.000000005: sched_switch: swapper/0:0 [120] R ==> RTOS-Task1:2001 [10]",
             "<idle>-0 [001] 0.000000040: sched_switch: swapper/1:0 [120] R ==> RTOS-Task1:2001 [10]"],
            OfFile(report, "guest-rtos.dat").Where(line => line.Contains(": sched_switch: ", StringComparison.Ordinal)),
            StringComparer.Ordinal);
        Assert.Contains(
            "vcpu0/rtos-5001000 [001] 0.000000020: sched_switch: vcpu0/rtos:5001000 [120] R ==> vcpu1/rtos:5001001 [120]",
            OfFile(report, "host.dat"),
            StringComparer.Ordinal);
        string options = string.Join('\n', Tool.Lines("trace-cmd", "dump", "--options", "-i", Path.Combine(Set, "host.dat")));
        Assert.Matches("rtos \\[Guest name\\]\n0x[0-9A-F]+ \\[trace id\\]\n2 \\[Guest CPUs\\]\n  0 5001000 .*\n  1 5001001 ", options);
    }

    [SkippableFact]
    public void Each_guest_names_its_host_and_the_host_each_guest()
    {
        TraceFormats.TraceDatSet.ToFile(new Replay(Smp().Add(StreamNames.Core(0), HostSteps.Switch(0, 0, Gpos, 0)), TraceView.Gpos), Set);
        string host = TraceId(Options("host.dat"));
        string[] guests = [.. Files("guest-*").Select(file => TraceId(Options(file)))];

        Assert.Equal(3, guests.Append(host).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(
            guests.Order(StringComparer.Ordinal),
            GuestId().Matches(Options("host.dat")).Select(match => match.Groups["id"].Value).Order(StringComparer.Ordinal),
            StringComparer.Ordinal);
        Assert.All(Files("guest-*"), file => Assert.Contains($"{host} [peer's trace id]", Options(file), StringComparison.Ordinal));

        string Options(string file) => string.Join('\n', Tool.Lines("trace-cmd", "dump", "--options", "-i", Path.Combine(Set, file)));
        static string TraceId(string options) => OwnId().Match(options).Groups["id"].Value;
    }

    [Fact]
    public void Event_types_have_numbers_of_their_own()
    {
        TraceFormats.TraceDatSet.ToFile(new Replay(Smp().Add(StreamNames.Core(0), HostSteps.Switch(0, 0, Gpos, 0)), TraceView.Gpos), Set);
        string host = Encoding.Latin1.GetString(File.ReadAllBytes(Path.Combine(Set, "host.dat")));
        string[] numbers = [.. FormatNumber().Matches(host).Select(match => match.Groups["id"].Value)];
        Assert.True(numbers.Length > 10);
        Assert.Equal(numbers.Distinct(StringComparer.Ordinal), numbers, StringComparer.Ordinal);
    }

    [SkippableFact]
    public void A_part_of_a_run_is_cut_out_of_all_files()
    {
        MemorySource source = new MemorySource()
            .Add(StreamNames.Core(1), HostSteps.Switch(1, 0, Rtos, 0), HostSteps.Trap(1, 10, Rtos, 0, 0), HostSteps.Resume(1, 20, Rtos, 0), HostSteps.Trap(1, 30, Rtos, 0, 0))
            .AddLane(1, Switch(1, 5, Idle, 0, A), Switch(1, 15, A, 0, Idle), Lost(1, 40, 3), Switch(1, 40, Idle, 0, A));
        ExportResult result = TraceFormats.TraceDatSet.ToFile(new Replay(source, TraceView.Gpos, new EventSelection(From: 10, Until: 30)), Set);
        (string File, string Line)[] report = ReportOfSet("-t");

        // kvm_exit, hyp_enter, hyp_exit, kvm_entry; sched_stat_runtime, sched_switch, cpu_idle.
        Assert.Equal((4, 3), (OfFile(report, "host.dat").Length, OfFile(report, "guest-rtos.dat").Length));
        Assert.Equal(new ExportResult(7, 0, 40), result);
        Assert.All(report, row => Assert.InRange(Nanoseconds(row.Line), 10ul, 29ul));
        Assert.All(OfFile(report, "host.dat"), line => Assert.StartsWith("vcpu0/rtos-5001000 ", line, StringComparison.Ordinal));
    }

    [SkippableFact]
    public void Lost_events_are_shown_in_their_guest()
    {
        MemorySource source = new MemorySource()
            .Add(StreamNames.Core(1), HostSteps.Switch(1, 0, Rtos, 0))
            .AddLane(1, Switch(1, 5, Idle, 0, A), Lost(1, 20, 3), Switch(1, 20, A, 0, Idle));
        TraceFormats.TraceDatSet.ToFile(new Replay(source, TraceView.Gpos), Set);
        string[] lines = Tool.Lines("trace-cmd", "report", "-i", Path.Combine(Set, "host.dat"), "-i", Path.Combine(Set, "guest-rtos.dat"));
        Assert.Contains("guest-rtos.dat: CPU:0 [3 EVENTS DROPPED]", lines.Select(line => line.Trim()), StringComparer.Ordinal);
    }

    [SkippableFact]
    public void A_guest_of_which_nothing_was_recorded_says_so_because_KernelShark_crashes_on_an_empty_file()
    {
        MemorySource source = Smp().Add(StreamNames.Core(1), HostSteps.Switch(1, 0, Rtos, 0)).AddLane(2, Lost(1, 5, 1) with { Vcpu = new VcpuId(new GuestId(1), 1) });
        ExportResult result = TraceFormats.TraceDatSet.ToFile(new Replay(source, TraceView.Gpos), Set);

        // hyp_vcpu_switch, cpu_idle, sched_switch.
        Assert.Equal(new ExportResult(3, 1, 5), result);
        string[] android = Tool.Lines("trace-cmd", "report", "-t", "-i", Path.Combine(Set, "guest-android.dat"));
        Assert.Equal(2, android.Length);
        Assert.Matches(@"<idle>-0 +\[000\] +0\.000000001: print: +tracing_mark_write: no events recorded$", android[1]);

        // A loss at the end has a marker already.
        string[] rtos = Tool.Lines("trace-cmd", "report", "-i", Path.Combine(Set, "guest-rtos.dat"));
        Assert.Contains("CPU:1 [1 EVENTS DROPPED]", rtos, StringComparer.Ordinal);
        Assert.DoesNotContain(rtos, line => line.Contains("no events recorded", StringComparison.Ordinal));
    }

    [Fact]
    public void A_run_without_a_hypervisor_has_no_set()
    {
        MemorySource native = new MemorySource().AddLane(1, Switch(1, 5, Idle, 0, A));
        Assert.Equal("the run has no hypervisor, so there is no host to show", TraceFormats.TraceDatSet.Refusal(new Replay(native, TraceView.Gpos)));
        native.Add(StreamNames.Core(0), HostSteps.Switch(0, 0, Gpos, 0));
        Assert.Null(TraceFormats.TraceDatSet.Refusal(new Replay(native, TraceView.Gpos)));
    }

    [Fact]
    public void Guests_names_never_lead_out_of_the_folder_or_meet()
    {
        MemorySource source = Named("../../x", "..\\..\\x", "");
        TraceFormats.TraceDatSet.ToFile(new Replay(source, TraceView.Gpos), Set);
        Assert.Equal(["guest-.dat", "guest-______x.dat", "guest-______x_1.dat", "host.dat"], Files("*"), StringComparer.Ordinal);
        Assert.Equal(["set"], _folder.GetFileSystemInfos().Select(file => file.Name), StringComparer.Ordinal);
    }

    [Fact]
    public void A_failed_export_leaves_nothing_and_a_folder_of_others_stays()
    {
        MemorySource source = new MemorySource().AddLane(1, Switch(1, 100, Idle, 0, A), Switch(1, 99, A, 0, Idle));
        Assert.Throws<InvalidDataException>(() => TraceFormats.TraceDatSet.ToFile(new Replay(source, TraceView.Gpos), Set));
        Assert.Empty(_folder.GetFileSystemInfos());

        Directory.CreateDirectory(Set);
        File.WriteAllText(Path.Combine(Set, "notes.txt"), "mine");
        Assert.Throws<IOException>(() => TraceFormats.TraceDatSet.ToFile(new Replay(new MemorySource(), TraceView.Gpos), Set));
        Assert.Equal(["notes.txt"], Files("*"), StringComparer.Ordinal);
    }

    [Fact]
    public void The_same_run_gives_the_same_set_and_replaces_an_older_one()
    {
        MemorySource source = Smp().AddLane(1, Switch(1, 5, Idle, 0, A));
        TraceFormats.TraceDatSet.ToFile(new Replay(Named("old"), TraceView.Gpos), Set);
        TraceFormats.TraceDatSet.ToFile(new Replay(source, TraceView.Gpos), Set);
        string[] files = Files("*");
        byte[][] first = [.. files.Select(file => File.ReadAllBytes(Path.Combine(Set, file)))];
        TraceFormats.TraceDatSet.ToFile(new Replay(source, TraceView.Gpos), Set);
        Assert.Equal(["guest-android.dat", "guest-rtos.dat", "host.dat"], files, StringComparer.Ordinal);
        Assert.All(files.Zip(first), pair => Assert.Equal(pair.Second, File.ReadAllBytes(Path.Combine(Set, pair.First))));
    }

    /// <summary>The GPOS on core 0, an RTOS of two vCPUs on core 1.</summary>
    private static MemorySource Smp()
    {
        RunManifest two = new MemorySource().Manifest;
        return new MemorySource
        {
            Manifest = two with
            {
                Guests = [two.Guests[0], two.Guests[1] with { VcpuCores = [new CoreId(1), new CoreId(1)] }],
                Lanes = [.. two.Lanes, new LaneManifest(new VcpuId(new GuestId(1), 1), new CoreId(0), 1)],
            },
        };
    }

    private static MemorySource Named(params string[] names)
    {
        RunManifest two = new MemorySource().Manifest;
        return new MemorySource { Manifest = two with { Guests = [.. names.Select(name => two.Guests[0] with { Name = name })], Lanes = [] } };
    }

    private string[] Files(string pattern) =>
        [.. Directory.GetFileSystemEntries(Set, pattern).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private (string File, string Line)[] Report(MemorySource source, params string[] options)
    {
        TraceFormats.TraceDatSet.ToFile(new Replay(source, TraceView.Gpos), Set);
        return ReportOfSet(options);
    }

    /// <summary>The merged report: for each line its file, and COMM-PID [CPU] SECONDS: EVENT: ARGUMENTS with single blanks.</summary>
    private (string File, string Line)[] ReportOfSet(params string[] options)
    {
        IEnumerable<string> inputs = Files("guest-*").Prepend("host.dat").SelectMany(file => (string[])["-i", Path.Combine(Set, file)]);
        var rows = new List<(string File, string Line)>();
        foreach (string line in Tool.Lines("trace-cmd", ["report", .. options, .. inputs]).Where(line => !line.Contains(": cpus=", StringComparison.Ordinal)))
        {
            Match match = ReportLine().Match(line);
            Assert.True(match.Success, line);
            rows.Add((
                match.Groups["file"].Value,
                $"{match.Groups["task"].Value} [{match.Groups["cpu"].Value}] {match.Groups["time"].Value}: {match.Groups["event"].Value}: {match.Groups["args"].Value.Trim()}"));
        }

        return [.. rows];
    }

    private static string[] OfFile((string File, string Line)[] report, string file) =>
        [.. report.Where(row => string.Equals(row.File, file, StringComparison.Ordinal)).Select(row => row.Line)];

    /// <summary>A guest's lines without the mark of an empty file.</summary>
    private static IEnumerable<string> OfGuest((string File, string Line)[] report, string file) =>
        OfFile(report, file).Where(line => !line.EndsWith("no events recorded", StringComparison.Ordinal));

    /// <summary>A guest's lines of the whole run, as they are where its only CPU is number 0.</summary>
    private static IEnumerable<string> OfCpu(IEnumerable<string> lines, int cpu) => lines
        .Where(line => line.Contains($" [{cpu:d3}] ", StringComparison.Ordinal))
        .Select(line => line.Replace($" [{cpu:d3}] ", " [000] ", StringComparison.Ordinal).Replace($"target_cpu={cpu:d3}", "target_cpu=000", StringComparison.Ordinal));

    /// <summary>Whether it is an event of the system hyp, as the board view has them.</summary>
    private static bool IsHypervisors(string line) =>
        line.Contains(": hyp_", StringComparison.Ordinal) || line.Contains(": host_", StringComparison.Ordinal);

    private static ulong Nanoseconds(string line)
    {
        Match time = Time().Match(line);
        return ulong.Parse(time.Groups["seconds"].Value + time.Groups["nanoseconds"].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^ *(?<file>[^:]+\.dat): +(?<task>.*-\d+) +\[(?<cpu>\d+)\] +(?<time>\d+\.\d+): (?<event>\w+): +(?<args>.*)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ReportLine();

    [GeneratedRegex(@"\] (?<seconds>\d+)\.(?<nanoseconds>\d{9}): ", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Time();

    [GeneratedRegex(@"TRACEID, 8 bytes\]\n(?<id>0x[0-9A-F]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OwnId();

    [GeneratedRegex(@"^(?<id>0x[0-9A-F]+) \[trace id\]$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex GuestId();

    [GeneratedRegex(@"name: \w+\nID: (?<id>\d+)\nformat:", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FormatNumber();
}
