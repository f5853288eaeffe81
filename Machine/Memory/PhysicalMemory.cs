using System.Buffers.Binary;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Memory;

/// <summary>The RAM that one guest's lease gives access to: its own RAM, memory shared with the hypervisor, stage-2 tables.</summary>
/// <remarks>Not thread safe: only the holder of the lease touches it. Little endian (ARM DDI 0406 A3.3).</remarks>
public sealed class PhysicalMemory
{
    private readonly RamRegion[] regions;
    private readonly HashSet<RamRegion> hidden = [];

    /// <summary>Joins regions that do not overlap.</summary>
    /// <exception cref="ArgumentException">Two regions overlap.</exception>
    public PhysicalMemory(IEnumerable<RamRegion> regions)
    {
        this.regions = [.. regions.OrderBy(r => r.Start.Value)];
        for (int i = 1; i < this.regions.Length; i++)
        {
            RamRegion before = this.regions[i - 1];
            if (before.Start.Value + (ulong)before.Bytes.Length > this.regions[i].Start.Value)
            {
                throw new ArgumentException($"RAM at {this.regions[i].Start} overlaps the region before it.", nameof(regions));
            }
        }
    }

    /// <summary>The regions, ascending.</summary>
    public IReadOnlyList<RamRegion> Regions => regions;

    /// <summary>Counts up where what an address reaches has changed: remembered translations are wrong then.</summary>
    public uint Version { get; private set; }

    /// <summary>The region that holds all of a range, or null.</summary>
    public RamRegion? Find(Pa address, uint length)
    {
        foreach (RamRegion region in regions)
        {
            if (region.Contains(address, length))
            {
                return hidden.Contains(region) ? null : region;
            }
        }

        return null;
    }

    /// <summary>Shows a region, or takes it away: its addresses are then the devices', until it is shown again.</summary>
    public void Show(RamRegion region, bool visible)
    {
        if (visible ? hidden.Remove(region) : hidden.Add(region))
        {
            ForgetTranslations();
        }
    }

    /// <summary>Tells all cores that run on this memory that remembered translations are wrong: stage 2 was changed.</summary>
    public void ForgetTranslations() => Version++;

    /// <summary>The bytes of a range, or an empty span where it is not all RAM of one region.</summary>
    public Span<byte> Slice(Pa address, uint length)
    {
        RamRegion? region = Find(address, length);
        return region is null ? [] : region.Bytes.AsSpan((int)(address.Value - region.Start.Value), (int)length);
    }

    /// <summary>Reads a word.</summary>
    /// <returns>False where there is no RAM.</returns>
    public bool TryReadWord(Pa address, out uint value)
    {
        Span<byte> bytes = Slice(address, 4);
        value = bytes.IsEmpty ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        return !bytes.IsEmpty;
    }

    /// <summary>Reads a double word.</summary>
    /// <returns>False where there is no RAM.</returns>
    public bool TryReadDoubleWord(Pa address, out ulong value)
    {
        Span<byte> bytes = Slice(address, 8);
        value = bytes.IsEmpty ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        return !bytes.IsEmpty;
    }

    /// <summary>Writes a word. A core that may hold decoded instructions of it must be told (see the core's InvalidateInstructions).</summary>
    /// <returns>False where there is no RAM.</returns>
    public bool TryWriteWord(Pa address, uint value)
    {
        Span<byte> bytes = Slice(address, 4);
        if (bytes.IsEmpty)
        {
            return false;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return true;
    }
}
