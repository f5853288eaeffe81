using System.Runtime.CompilerServices;

namespace ActorTrace.Machine.Cpu.Execution;

/// <summary>The condition field (ARM DDI 0406 A8.3).</summary>
internal static unsafe class Condition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool Holds(CpuState* s, uint condition)
    {
        bool holds = (condition >> 1) switch
        {
            0 => s->Z == 0,
            1 => s->C != 0,
            2 => (int)s->N < 0,
            3 => (int)s->V < 0,
            4 => s->C != 0 && s->Z != 0,
            5 => (int)(s->N ^ s->V) >= 0,
            6 => s->Z != 0 && (int)(s->N ^ s->V) >= 0,
            _ => true,
        };
        return holds ^ ((condition & 1) != 0 && condition != 15);
    }
}
