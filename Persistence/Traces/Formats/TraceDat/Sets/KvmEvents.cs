using ActorTrace.Traces.Events;
using static ActorTrace.Traces.Formats.EventFields;

namespace ActorTrace.Traces.Formats.TraceDat.Sets;

/// <summary>
/// kvm:kvm_entry and kvm:kvm_exit as KVM on x86 has them: libtraceevent's plugin prints them by these fields, and KernelShark
/// takes from them which virtual CPU a core runs.
/// </summary>
internal static class KvmEvents
{
    /// <summary>The instruction set whose exit reasons are meant: 1 = Intel VMX.</summary>
    public const ulong Isa = 1;

    private const uint FaultStatus = 0x3F;
    private const uint DebugEvent = 0x22;

    /// <summary>A core goes on with a virtual CPU.</summary>
    public static readonly EventType Entry = new(
        990, "kvm", "kvm_entry", EventCatalogue.InterruptsOff,
        [Number("unsigned int", "vcpu_id", 4), Number("unsigned long", "rip", 8)],
        "\"vcpu %u, rip 0x%lx\", REC->vcpu_id, REC->rip",
        "vcpu={vcpu_id} rip={rip:x}");

    /// <summary>A virtual CPU gives the core to the hypervisor.</summary>
    public static readonly EventType Exit = new(
        991, "kvm", "kvm_exit", EventCatalogue.InterruptsOff,
        [
            Number("unsigned int", "exit_reason", 4), Number("unsigned long", "guest_rip", 8), Number("u32", "isa", 4),
            Number("u64", "info1", 8), Number("u64", "info2", 8),
        ],
        "\"reason %u rip 0x%lx info %llx %llx\", REC->exit_reason, REC->guest_rip, REC->info1, REC->info2",
        "reason={exit_reason} rip={guest_rip:x} isa={isa} info1={info1:x} info2={info2:x}");

    /// <summary>Both, in order of their number.</summary>
    public static readonly IReadOnlyList<EventType> All = [Entry, Exit];

    /// <summary>The exit reason of VMX that comes nearest to a trap of ARM.</summary>
    /// <param name="trap">Of kind <see cref="StepKind.Trap"/>.</param>
    public static VmxExit ReasonOf(StepRecord trap)
    {
        // ARM DDI 0406 B3.13.6: EC in HSR[31:26]. A physical interrupt leaves HSR as it is; the journal has 0 then.
        uint hsr = (uint)trap.Detail;
        bool firstBit = (hsr & 1) != 0;
        return (hsr >> 26) switch
        {
            0x00 when hsr == 0 => VmxExit.ExternalInterrupt,
            0x01 => firstBit ? VmxExit.Pause : VmxExit.Halt,
            0x03 or 0x04 => firstBit ? VmxExit.MsrRead : VmxExit.MsrWrite,
            0x05 or 0x06 or 0x0C => VmxExit.DebugRegisterAccess,
            0x12 or 0x13 => VmxExit.VmCall,
            0x20 when (hsr & FaultStatus) != DebugEvent => VmxExit.EptViolation,
            0x24 => VmxExit.EptViolation,
            _ => VmxExit.ExceptionOrNmi,
        };
    }
}

/// <summary>Basic exit reasons of Intel's VMX (Software Developer's Manual, volume 3, appendix C).</summary>
internal enum VmxExit
{
    /// <summary>An exception: for ARM an undefined instruction, or a breakpoint that the hypervisor set.</summary>
    ExceptionOrNmi = 0,

    /// <summary>An interrupt of the board.</summary>
    ExternalInterrupt = 1,

    /// <summary>HLT: for ARM WFI.</summary>
    Halt = 12,

    /// <summary>VMCALL: for ARM HVC and SMC.</summary>
    VmCall = 18,

    /// <summary>A debug register: for ARM coprocessor 14.</summary>
    DebugRegisterAccess = 29,

    /// <summary>RDMSR: for ARM MRC and MRRC of coprocessor 15.</summary>
    MsrRead = 31,

    /// <summary>WRMSR: for ARM MCR and MCRR of coprocessor 15.</summary>
    MsrWrite = 32,

    /// <summary>PAUSE: for ARM WFE.</summary>
    Pause = 40,

    /// <summary>The second stage of translation refused an access: for ARM an abort in stage 2, devices included.</summary>
    EptViolation = 48,
}
