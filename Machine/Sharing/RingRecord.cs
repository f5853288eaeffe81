using ActorTrace.Machine.Profiles;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Sharing;

/// <summary>What the hypervisor tells the GPOS about one probe hit: one slot of a <see cref="TraceRing"/>.</summary>
public sealed record RingRecord
{
    /// <summary>Bytes of a slot.</summary>
    public const int Size = RingRecordLayout.Size;

    /// <summary>Words of the stack that are kept.</summary>
    public const int StackWords = 4;

    /// <summary>Woken tasks that are named; more are only counted.</summary>
    public const int MaxWoken = 8;

    /// <summary>The <see cref="Kind"/> of a function's return.</summary>
    public const byte FunctionReturn = 4;

    /// <summary>Number of this record in its ring, modulo 2^32; the producer sets it.</summary>
    public uint Sequence { get; init; }

    /// <summary>Hits that found no room since the record before; the producer sets it.</summary>
    public uint LostBefore { get; init; }

    /// <summary>The probe's number.</summary>
    public ushort Probe { get; init; }

    /// <summary>1 context switch, 2 ready set, 3 function, 4 return of a function.</summary>
    public byte Kind { get; init; }

    /// <summary>The guest that hit the probe.</summary>
    public byte Guest { get; init; }

    /// <summary>Its vCPU.</summary>
    public byte Vcpu { get; init; }

    /// <summary>The woken tasks come from comparing two readings of the ready set, not from a probe on the waking itself.</summary>
    public bool WakeupsDerived { get; init; }

    /// <summary>A probe of the guest was out of place since the record before: what happened meanwhile is not known.</summary>
    public bool AfterGap { get; init; }

    /// <summary>When the probe instruction was reached.</summary>
    public VirtualInstant HitAt { get; init; }

    /// <summary>The stamp of the hit.</summary>
    public Stamp Cause { get; init; }

    /// <summary>Guest virtual address of the probe; of a return, where it came back to.</summary>
    public uint Pc { get; init; }

    /// <summary>Of a probe on returns: guest virtual address of the function that came back. Else 0.</summary>
    public uint Function { get; init; }

    /// <summary>Of a probe on returns: when the function was called. Else 0.</summary>
    public VirtualInstant EnteredAt { get; init; }

    /// <summary>Link register: the caller where the probe is on a function's first instruction.</summary>
    public uint Lr { get; init; }

    /// <summary>Stack pointer.</summary>
    public uint Sp { get; init; }

    /// <summary>The top <see cref="StackWords"/> words of the stack.</summary>
    public IReadOnlyList<uint> Stack { get; init; } = [0, 0, 0, 0];

    /// <summary>The task that runs, or that the switch leaves.</summary>
    public TaskSnapshot Previous { get; init; }

    /// <summary>The task that the switch enters.</summary>
    public TaskSnapshot Next { get; init; }

    /// <summary>Tasks made ready since the reading before, at most <see cref="MaxWoken"/>: number, name and priority of each.</summary>
    public IReadOnlyList<TaskSnapshot> Woken { get; init; } = [];

    /// <summary>Tasks made ready beyond those named.</summary>
    public ushort WokenMore { get; init; }

    /// <summary>Writes the record as the bytes of a slot.</summary>
    /// <param name="slot">At least <see cref="Size"/> bytes.</param>
    /// <exception cref="InvalidOperationException">The lists are longer than the layout holds.</exception>
    public void Encode(Span<byte> slot) => RingRecordLayout.Encode(this, slot);

    /// <summary>Reads a slot. Any bytes are a record: names are made printable, counts are cut to what the layout holds.</summary>
    /// <param name="slot">At least <see cref="Size"/> bytes.</param>
    public static RingRecord Decode(ReadOnlySpan<byte> slot) => RingRecordLayout.Decode(slot);
}
