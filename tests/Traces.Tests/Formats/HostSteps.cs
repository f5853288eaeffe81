using System.Globalization;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using CsCheck;
using static ActorTrace.Traces.Tests.Formats.MemorySource;

namespace ActorTrace.Traces.Tests.Formats;

/// <summary>Arbitrary traps, interrupts and vCPU switches on the two cores of a <see cref="MemorySource"/>, and what a host's trace must say of them.</summary>
internal sealed class HostSteps
{
    private const uint FaultAddress = 0xC0DE;

    private readonly List<StepRecord>[] _steps = [[], []];
    private readonly List<string>[] _lines = [[], []];

    // An interrupt, HVC, a store to a device, WFI, WFE.
    private static readonly uint[] Syndromes = [0, 0x4A00_0100, 0x938E_0047, 0x07E0_0000, 0x07E0_0001];

    // A stay in the hypervisor: core, time in the guest before it, its cycles, the trap, whether another vCPU comes in.
    private static readonly Gen<(int Core, ulong Guest, ulong Cycles, uint Hsr, int Reason)> Stays = Gen.Select(
        Gen.Int[0, 1],
        Gen.OneOf(Gen.ULong[0, 3], Gen.ULong[100, 5000], Gen.ULong[4_294_967_290, 9_000_000_000]),
        Gen.ULong[0, 200],
        Gen.Int[0, Syndromes.Length - 1].Select(i => Syndromes[i]),
        Gen.Int[0, 2]);

    public static Gen<HostSteps> Any => Stays.Array[0, 100].Select(Make);

    /// <summary>Number of traps.</summary>
    public int Traps => _steps.Sum(core => core.Count(step => step.Step == StepKind.Trap));

    /// <summary>What trace-cmd must show of a core, without events of the system hyp: TASK [CPU] SECONDS: EVENT: ARGUMENTS.</summary>
    public IReadOnlyList<string> Lines(int core) => _lines[core];

    public void AddTo(MemorySource source)
    {
        for (int core = 0; core < _steps.Length; core++)
        {
            source.Add(StreamNames.Core(core), _steps[core]);
        }
    }

    public static StepRecord Trap(int core, ulong at, VcpuId vcpu, uint pc, uint hsr) => Step(StepKind.Trap, core, at, vcpu, pc, hsr, FaultAddress);

    public static StepRecord Resume(int core, ulong at, VcpuId vcpu, uint pc) => Step(StepKind.Resume, core, at, vcpu, pc, pc, 0);

    public static StepRecord Switch(int core, ulong at, VcpuId comes, ulong reason) => Step(StepKind.VcpuSwitch, core, at, comes, 0, 0, reason);

    private static StepRecord Step(StepKind kind, int core, ulong at, VcpuId vcpu, uint pc, ulong detail, ulong detail2) => new(
        default, kind, CostCategory.None, new VirtualInstant(at), new VirtualInstant(at), new CoreId((byte)core), vcpu, pc, detail, detail2);

    private static HostSteps Make((int Core, ulong Guest, ulong Cycles, uint Hsr, int Reason)[] stays)
    {
        var made = new HostSteps();
        (ulong Now, VcpuId Vcpu, ulong Since)[] cores = [(7, Gpos, 7), (7, Rtos, 7)];
        for (int core = 0; core < cores.Length; core++)
        {
            made._steps[core].Add(Switch(core, 7, cores[core].Vcpu, 0));
            made.Expect(core, 7, "<idle>-0", $"cpu_idle: state=4294967295 cpu_id={core}");
            made.Expect(core, 7, "<idle>-0", $"sched_switch: prev_comm=swapper/{core} prev_pid=0 prev_prio=120 prev_state=R ==> {Next(cores[core].Vcpu)}");
        }

        foreach ((int core, ulong guest, ulong cycles, uint hsr, int reason) in stays)
        {
            (ulong now, VcpuId vcpu, ulong since) = cores[core];
            now += guest;
            made._steps[core].Add(Trap(core, now, vcpu, 0x8000, hsr));
            uint vmx = hsr switch { 0 => 1, 0x4A00_0100 => 18, 0x938E_0047 => 48, 0x07E0_0000 => 12, _ => 40 };
            made.Expect(core, now, Thread(vcpu), $"kvm_exit: reason {vmx} rip 0x8000 info {hsr:x} c0de");
            if (hsr == 0)
            {
                made._steps[core].Add(Step(StepKind.SgiTake, core, now, vcpu, 0, 1, 0) with { End = new VirtualInstant(now + cycles) });
                made.Expect(core, now, Thread(vcpu), "ipi_entry: (Hypervisor SGI)");
                made.Expect(core, now + cycles, Thread(vcpu), "ipi_exit: (Hypervisor SGI)");
            }

            now += cycles;
            if (reason > 0)
            {
                VcpuId next = vcpu == Gpos ? Rtos : Gpos;
                made._steps[core].Add(Switch(core, now, next, (ulong)reason));
                string state = reason == 2 && hsr != 0x07E0_0001 ? "S" : "R";
                made.Expect(core, now, Thread(vcpu), $"sched_stat_runtime: comm={Comm(vcpu)} pid={Pid(vcpu)} runtime={now - since} [ns]");
                made.Expect(core, now, Thread(vcpu), $"sched_switch: prev_comm={Comm(vcpu)} prev_pid={Pid(vcpu)} prev_prio=120 prev_state={state} ==> {Next(next)}");
                (vcpu, since) = (next, now);
            }

            made._steps[core].Add(Resume(core, now, vcpu, 0x8004));
            made.Expect(core, now, Thread(vcpu), "kvm_entry: vcpu 0, rip 0x8004");
            cores[core] = (now, vcpu, since);
        }

        return made;
    }

    private void Expect(int core, ulong at, string task, string text) => _lines[core].Add(string.Create(
        CultureInfo.InvariantCulture, $"{task} [{core:d3}] {at / 1_000_000_000}.{at % 1_000_000_000:d9}: {text}"));

    private static string Next(VcpuId vcpu) => $"next_comm={Comm(vcpu)} next_pid={Pid(vcpu)} next_prio=120";

    private static string Thread(VcpuId vcpu) => $"{Comm(vcpu)}-{Pid(vcpu)}";

    private static string Comm(VcpuId vcpu) => vcpu == Gpos ? "vcpu0/android" : "vcpu0/rtos";

    private static int Pid(VcpuId vcpu) => vcpu == Gpos ? 5_000_000 : 5_001_000;
}
