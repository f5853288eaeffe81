using System.Globalization;
using ActorTrace.Traces.Formats;

namespace ActorTrace.Traces.Timelines;

/// <summary>Why the hypervisor was entered, in words.</summary>
internal static class HypervisorReason
{
    private const int ExceptionClassShift = 26;

    /// <summary>The exception class of hyp_enter's hsr (ARM DDI 0406 B3.13.6).</summary>
    public static string Of(in TraceEvent next) => (next.Number(4) >> ExceptionClassShift) switch
    {
        0x00 => "interrupt",
        0x01 => "wait for interrupt",
        0x03 or 0x04 => "system register",
        0x12 => "hypercall",
        0x20 => "probe or prefetch abort",
        0x24 => "device access",
        ulong other => string.Create(CultureInfo.InvariantCulture, $"exception class 0x{other:x2}"),
    };
}
