using System.Buffers.Binary;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Memory;

/// <summary>Builds stage-2 translation tables in RAM: long descriptors, three levels, a 32-bit IPA space (VTCR.SL0 = 1, T0SZ = 0).</summary>
/// <remarks>ARM DDI 0406 B3.6.1. The tables are real: the walk reads nothing else.</remarks>
public sealed class Stage2Tables
{
    /// <summary>The VTCR value that goes with these tables.</summary>
    public const uint Vtcr = 0x8000_0040;

    private const ulong Page = 0x1000;
    private const ulong Block2 = 0x20_0000;
    private const ulong Block1 = 0x4000_0000;
    private const ulong Valid = 1;
    private const ulong TableOrPage = 2;
    private const ulong AddressMask = 0xFF_FFFF_F000;
    private readonly RamRegion region;
    private ulong nextFree;

    /// <summary>Makes an empty first-level table at the start of a region.</summary>
    /// <param name="region">Memory for the tables; the more is mapped by single pages the more is needed, 4 KiB for each 2 MiB.</param>
    public Stage2Tables(RamRegion region)
    {
        ArgumentNullException.ThrowIfNull(region);
        this.region = region;
        region.Bytes.AsSpan(0, (int)Page).Clear();
        nextFree = region.Start.Value + Page;
    }

    /// <summary>Where the tables are.</summary>
    public RamRegion Region => region;

    /// <summary>The VTTBR value: base of the first-level table, VMID 0.</summary>
    public ulong Vttbr => region.Start.Value;

    /// <summary>Maps a range, by the largest blocks that fit. Readable always.</summary>
    /// <param name="address">First intermediate physical address, 4 KiB aligned.</param>
    /// <param name="target">First physical address, 4 KiB aligned.</param>
    /// <param name="size">Bytes, a positive multiple of 4 KiB.</param>
    /// <param name="writable">S2AP allows stores.</param>
    /// <param name="executable">Not XN.</param>
    /// <param name="device">Device memory instead of normal write-back memory.</param>
    /// <exception cref="ArgumentException">Not aligned, beyond 4 GiB, or mapped already.</exception>
    /// <exception cref="InvalidOperationException">The region is too small for the tables.</exception>
    public void Map(Ipa address, Pa target, ulong size, bool writable, bool executable, bool device)
    {
        if (((address.Value | target.Value | size) & (Page - 1)) != 0 || size == 0 || address.Value + size > 1UL << 32)
        {
            throw new ArgumentException($"{address} + 0x{size:x} to {target} is not made of whole pages below 4 GiB.", nameof(address));
        }

        ulong attributes = (device ? 0x4UL : 0x3CUL) | (1UL << 6) | (writable ? 1UL << 7 : 0) | (3UL << 8) | (1UL << 10)
            | (executable ? 0 : 1UL << 54);
        ulong ipa = address.Value;
        ulong pa = target.Value;
        ulong end = ipa + size;
        while (ipa < end)
        {
            ulong step = Fits(ipa, pa, end, Block1) ? Block1 : Fits(ipa, pa, end, Block2) ? Block2 : Page;
            Place(ipa, step, pa | attributes | Valid | (step == Page ? TableOrPage : 0));
            ipa += step;
            pa += step;
        }
    }

    /// <summary>Takes a mapped range away, or gives it back as it was mapped. Translations of it must be forgotten then.</summary>
    /// <param name="address">First address of a mapping.</param>
    /// <param name="size">Bytes, up to the end of a mapping.</param>
    /// <param name="valid">False: accesses abort.</param>
    public void SetValid(Ipa address, ulong size, bool valid)
    {
        for (ulong ipa = address.Value; ipa < address.Value + size;)
        {
            ulong entry = region.Start.Value + (ipa / Block1 * 8);
            ulong step = Block1;
            if ((Read(entry) & TableOrPage) != 0)
            {
                entry = (Read(entry) & AddressMask) + (ipa / Block2 % 512 * 8);
                step = Block2;
            }

            if (step == Block2 && (Read(entry) & TableOrPage) != 0)
            {
                entry = (Read(entry) & AddressMask) + (ipa / Page % 512 * 8);
                step = Page;
            }

            Write(entry, valid ? Read(entry) | Valid : Read(entry) & ~Valid);
            ipa += step;
        }
    }

    private static bool Fits(ulong ipa, ulong pa, ulong end, ulong block) => ((ipa | pa) & (block - 1)) == 0 && end - ipa >= block;

    private void Place(ulong ipa, ulong size, ulong descriptor)
    {
        ulong entry = region.Start.Value + (ipa / Block1 * 8);
        if (size < Block1)
        {
            entry = Descend(entry) + (ipa / Block2 % 512 * 8);
        }

        if (size < Block2)
        {
            entry = Descend(entry) + (ipa / Page % 512 * 8);
        }

        if (Read(entry) != 0)
        {
            throw new ArgumentException($"{new Ipa(ipa)} is mapped already.", nameof(ipa));
        }

        Write(entry, descriptor);
    }

    private ulong Descend(ulong entry)
    {
        ulong descriptor = Read(entry);
        if (descriptor == 0)
        {
            if (nextFree + Page > region.Start.Value + (ulong)region.Bytes.Length)
            {
                throw new InvalidOperationException($"The stage-2 tables at {region.Start} need more than {region.Bytes.Length} bytes.");
            }

            descriptor = nextFree | Valid | TableOrPage;
            region.Bytes.AsSpan((int)(nextFree - region.Start.Value), (int)Page).Clear();
            nextFree += Page;
            Write(entry, descriptor);
        }
        else if ((descriptor & TableOrPage) == 0)
        {
            throw new ArgumentException("A block maps this range already.", nameof(entry));
        }

        return descriptor & AddressMask;
    }

    private ulong Read(ulong at) => BinaryPrimitives.ReadUInt64LittleEndian(region.Bytes.AsSpan((int)(at - region.Start.Value)));

    private void Write(ulong at, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(region.Bytes.AsSpan((int)(at - region.Start.Value)), value);
}
