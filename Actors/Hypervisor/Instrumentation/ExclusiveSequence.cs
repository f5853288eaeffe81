using ActorTrace.Machine.Images;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Hypervisor.Instrumentation;

/// <summary>
/// Finds out whether an address lies behind an LDREX and at or before its STREX (ARM DDI 0406 A3.4). Entering and leaving the
/// hypervisor there may clear the local monitor on hardware; the STREX would fail each time, and the guest would try for ever.
/// </summary>
internal static class ExclusiveSequence
{
    /// <summary>How far it looks to either side, in bytes: exclusive sequences are to be short (A3.4.5: at most 128 bytes).</summary>
    private const int Window = 128;

    private enum Part
    {
        None,
        Load,
        End,
        Clear,
    }

    /// <summary>Looks at the code around an address, as far as the function and what translates reach.</summary>
    /// <param name="work">The guest.</param>
    /// <param name="address">The address.</param>
    /// <param name="thumb">T32 code.</param>
    public static bool Holds(ProbeWork work, GuestVa address, bool thumb)
    {
        (uint first, uint last) = Function(work, address);
        int width = thumb ? 2 : 4;
        bool loaded = false;
        for (int i = width; i <= Window && address.Value - (uint)i >= first && address.Value >= (uint)i; i += width)
        {
            Part part = At(work, address.Value - (uint)i, thumb);
            if (part != Part.None)
            {
                loaded = part == Part.Load;
                break;
            }
        }

        for (int i = 0; loaded && i < Window && address.Value + (uint)i < last; i += width)
        {
            Part part = At(work, address.Value + (uint)i, thumb);
            if (part != Part.None)
            {
                return part == Part.End;
            }
        }

        return false;
    }

    private static (uint First, uint Last) Function(ProbeWork work, GuestVa address) =>
        work.Guest.Spec.Image.Symbols.TryNearest(address, out ElfSymbol? symbol) && symbol.Kind == ElfSymbolKind.Function
            && address.Value - symbol.Address.Value < symbol.Size
            ? (symbol.Address.Value, symbol.Address.Value + symbol.Size)
            : (0, uint.MaxValue);

    private static Part At(ProbeWork work, uint address, bool thumb)
    {
        const uint Half = 2;
        if (!GuestCode.TryReadHalfword(work.Lease, work.Guest, new GuestVa(address), out ushort low)
            || !GuestCode.TryReadHalfword(work.Lease, work.Guest, new GuestVa(address + Half), out ushort high))
        {
            return Part.None;
        }

        return thumb ? OfT32(low, high) : OfA32(low | ((uint)high << 16));
    }

    /// <summary>A8.8.75 to 78 LDREX, A8.8.212 to 215 STREX, A8.8.32 CLREX.</summary>
    private static Part OfA32(uint word) => word switch
    {
        0xF57F_F01F => Part.Clear,
        >= 0xF000_0000 => Part.None,
        _ when (word & 0x0F90_0FFF) == 0x0190_0F9F => Part.Load,
        _ when (word & 0x0F90_0FF0) == 0x0180_0F90 => Part.End,
        _ => Part.None,
    };

    /// <summary>The same. What is looked at may be the second halfword of an instruction and look like another's first: then a probe is refused in vain.</summary>
    private static Part OfT32(ushort first, ushort second)
    {
        bool sized = (second & 0xF0) is 0x40 or 0x50 or 0x70;
        return (first & 0xFFF0) switch
        {
            0xE850 when (second & 0x0F00) == 0x0F00 => Part.Load,
            0xE8D0 when sized => Part.Load,
            0xE840 => Part.End,
            0xE8C0 when sized => Part.End,
            0xF3B0 when (first, second) is (0xF3BF, 0x8F2F) => Part.Clear,
            _ => Part.None,
        };
    }
}
