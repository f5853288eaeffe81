using System.Globalization;
using ActorTrace.Traces.Formats;

namespace ActorTrace.Traces.Timelines;

/// <summary>Why the hypervisor was entered, in words.</summary>
internal static class HypervisorReason
{
    // HSR (ARM DDI 0406C, B3.13.6): EC 31:26; the immediate of an HVC is ISS 15:0; IFSC 5:0, 0x22 = debug event.
    private const int ClassShift = 26;
    private const ulong ClassWait = 0x01;
    private const ulong ClassHvc = 0x12;
    private const ulong ClassPrefetchAbort = 0x20;
    private const ulong ClassDataAbort = 0x24;
    private const ulong FaultStatus = 0x3F;
    private const ulong DebugEvent = 0x22;

    // The immediates of probe instructions.
    private const ushort FirstProbe = 0x0100;
    private const ushort LastProbe = 0x0FFF;

    /// <summary>The reason of a hyp_enter.</summary>
    public static string Of(in TraceEvent next)
    {
        ulong syndrome = next.Number(4);
        return (syndrome >> ClassShift) switch
        {
            0 when syndrome == 0 => "interrupt",
            ClassWait => "WFI or WFE",
            ClassHvc when (ushort)syndrome is >= FirstProbe and <= LastProbe => "probe",
            ClassHvc => "hypercall",
            ClassPrefetchAbort when (syndrome & FaultStatus) == DebugEvent => "probe",
            ClassPrefetchAbort or ClassDataAbort => "stage-2 abort",
            ulong other => Name(other),
        };
    }

    private static string Name(ulong exceptionClass)
    {
        string? name = EventSymbols.HypervisorReasons.FirstOrDefault(reason => reason.Value == exceptionClass).Name;
        return name ?? string.Create(CultureInfo.InvariantCulture, $"exception class 0x{exceptionClass:x2}");
    }
}
