using System.Buffers.Binary;
using System.Text;

namespace ActorTrace.Machine.Boards;

/// <summary>Writes a flattened device tree, version 17 (Devicetree Specification v0.4, chapter 5).</summary>
/// <remarks>
/// Layout: header, empty memory reservation block, structure block, strings block; all numbers big endian, each block aligned
/// to 8 bytes.
/// </remarks>
public sealed class DeviceTreeWriter
{
    private const uint Magic = 0xD00D_FEED;
    private const uint Version = 17;
    private const uint LastCompatibleVersion = 16;
    private const uint BeginNodeToken = 1;
    private const uint EndNodeToken = 2;
    private const uint PropertyToken = 3;
    private const uint EndToken = 9;

    // magic, totalsize, off_dt_struct, off_dt_strings, off_mem_rsvmap, version, last_comp_version, boot_cpuid_phys,
    // size_dt_strings, size_dt_struct: ten words (5.2).
    private const int HeaderLength = 10 * sizeof(uint);

    // One entry of two zero double words ends the block (5.3.2).
    private const int ReservationsLength = 2 * sizeof(ulong);

    private readonly List<byte> structure = [];
    private readonly List<byte> strings = [];
    private readonly Dictionary<string, uint> names = new(StringComparer.Ordinal);
    private int depth;

    /// <summary>Opens a node below the open one; the first is the root.</summary>
    /// <param name="name">Its name with unit address; empty for the root.</param>
    public void BeginNode(string name)
    {
        Word(BeginNodeToken);
        Bytes(Text(name));
        depth++;
    }

    /// <summary>Closes the open node.</summary>
    public void EndNode()
    {
        Word(EndNodeToken);
        depth--;
    }

    /// <summary>A property without a value.</summary>
    public void Flag(string name) => Property(name, []);

    /// <summary>A property of 32-bit cells.</summary>
    public void Cells(string name, params ReadOnlySpan<uint> cells)
    {
        byte[] value = new byte[cells.Length * sizeof(uint)];
        for (int i = 0; i < cells.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(value.AsSpan(i * sizeof(uint)), cells[i]);
        }

        Property(name, value);
    }

    /// <summary>A property of one or more strings.</summary>
    public void Strings(string name, params ReadOnlySpan<string> texts)
    {
        List<byte> value = [];
        foreach (string text in texts)
        {
            value.AddRange(Text(text));
        }

        Property(name, [.. value]);
    }

    /// <summary>The whole tree.</summary>
    /// <exception cref="InvalidOperationException">A node is open.</exception>
    public byte[] Finish()
    {
        if (depth != 0)
        {
            throw new InvalidOperationException($"{depth} nodes of the device tree are open.");
        }

        Word(EndToken);
        const int ReservationsStart = HeaderLength;
        const int StructureStart = ReservationsStart + ReservationsLength;
        int stringsStart = StructureStart + structure.Count;
        byte[] tree = new byte[(stringsStart + strings.Count + 7) & ~7];
        ReadOnlySpan<uint> header =
        [
            Magic, (uint)tree.Length, StructureStart, (uint)stringsStart, ReservationsStart, Version, LastCompatibleVersion, 0,
            (uint)strings.Count, (uint)structure.Count,
        ];
        for (int i = 0; i < header.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(tree.AsSpan(i * sizeof(uint)), header[i]);
        }

        structure.CopyTo(tree, StructureStart);
        strings.CopyTo(tree, stringsStart);
        return tree;
    }

    private static byte[] Text(string text) => [.. Encoding.ASCII.GetBytes(text), 0];

    private void Property(string name, ReadOnlySpan<byte> value)
    {
        if (!names.TryGetValue(name, out uint offset))
        {
            offset = (uint)strings.Count;
            names.Add(name, offset);
            strings.AddRange(Text(name));
        }

        Word(PropertyToken);
        Word((uint)value.Length);
        Word(offset);
        Bytes(value);
    }

    private void Word(uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        structure.AddRange(bytes);
    }

    private void Bytes(ReadOnlySpan<byte> bytes)
    {
        structure.AddRange(bytes);
        while (structure.Count % sizeof(uint) != 0)
        {
            structure.Add(0);
        }
    }
}
