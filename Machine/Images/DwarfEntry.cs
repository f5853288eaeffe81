namespace ActorTrace.Machine.Images;

/// <summary>What kind of value an attribute has (DWARF 5, 7.5.5).</summary>
internal enum DwarfClass : byte
{
    /// <summary>The entry does not have the attribute.</summary>
    Absent,

    /// <summary>A number whose sign is not known.</summary>
    Unsigned,

    /// <summary>A signed number.</summary>
    Signed,

    /// <summary>A flag.</summary>
    Flag,

    /// <summary>An offset in .debug_info.</summary>
    Reference,

    /// <summary>The signature of a type unit.</summary>
    Signature,

    /// <summary>An offset in .debug_str.</summary>
    String,

    /// <summary>An offset in .debug_line_str.</summary>
    LineString,

    /// <summary>An offset in .debug_info where the text itself stands.</summary>
    InlineString,

    /// <summary>An index into .debug_str_offsets.</summary>
    StringIndex,

    /// <summary>Bytes in .debug_info, e.g. a location expression.</summary>
    Block,

    /// <summary>A value that is of no use here (other file, other section).</summary>
    Other,
}

/// <summary>An attribute's value.</summary>
/// <param name="Class">Its kind.</param>
/// <param name="Value">Number, offset or index.</param>
/// <param name="Length">Bytes of a block.</param>
internal readonly record struct DwarfValue(DwarfClass Class, ulong Value, ulong Length = 0)
{
    /// <summary>True for a number.</summary>
    internal bool IsNumber => Class is DwarfClass.Unsigned or DwarfClass.Signed;

    /// <summary>True for a flag that is set.</summary>
    internal bool IsSet => Class == DwarfClass.Flag && Value != 0;
}

/// <summary>The unit that an entry belongs to.</summary>
internal sealed record DwarfUnit(int Offset, ushort Version, int OffsetSize, int AddressSize)
{
    /// <summary>DW_AT_str_offsets_base; by default after the section's header.</summary>
    internal ulong StrOffsetsBase { get; set; } = OffsetSize == 8 ? 16UL : 8UL;

    /// <summary>DW_AT_addr_base; by default after the section's header.</summary>
    internal ulong AddrBase { get; set; } = OffsetSize == 8 ? 16UL : 8UL;
}

/// <summary>One debugging information entry, with the attributes that are read. Used again for each entry.</summary>
internal sealed class DwarfEntry
{
    internal DwarfTag Tag { get; private set; }

    internal bool HasChildren { get; private set; }

    /// <summary>Its offset in .debug_info, by which others refer to it.</summary>
    internal int Offset { get; private set; }

    internal DwarfValue Name { get; private set; }

    internal DwarfValue Type { get; private set; }

    internal DwarfValue ByteSize { get; private set; }

    internal DwarfValue BitSize { get; private set; }

    internal DwarfValue Encoding { get; private set; }

    internal DwarfValue Declaration { get; private set; }

    internal DwarfValue UpperBound { get; private set; }

    internal DwarfValue Count { get; private set; }

    internal DwarfValue MemberLocation { get; private set; }

    internal DwarfValue ConstValue { get; private set; }

    internal DwarfValue Location { get; private set; }

    /// <summary>The entry that has the name and type: a declaration, or with link-time optimisation the variable in
    /// the unit of its source file.</summary>
    internal DwarfValue Specification { get; private set; }

    internal DwarfValue StrOffsetsBase { get; private set; }

    internal DwarfValue AddrBase { get; private set; }

    /// <summary>Reads the entry's attributes.</summary>
    internal void Read(ref ImageReader reader, DwarfUnit unit, DwarfAbbreviation abbreviation, int offset)
    {
        Clear();
        Offset = offset;
        Tag = abbreviation.Tag;
        HasChildren = abbreviation.HasChildren;
        foreach (var spec in abbreviation.Attributes)
        {
            Set(spec.Attribute, DwarfForms.Read(ref reader, unit, spec));
        }
    }

    private void Clear() =>
        Name = Type = ByteSize = BitSize = Encoding = Declaration = UpperBound = Count = MemberLocation = ConstValue =
            Location = Specification = StrOffsetsBase = AddrBase = default;

    private void Set(DwarfAttribute attribute, DwarfValue value) => _ = attribute switch
    {
        DwarfAttribute.Name => Name = value,
        DwarfAttribute.Type => Type = value,
        DwarfAttribute.ByteSize => ByteSize = value,
        DwarfAttribute.BitSize => BitSize = value,
        DwarfAttribute.Encoding => Encoding = value,
        DwarfAttribute.Declaration => Declaration = value,
        DwarfAttribute.UpperBound => UpperBound = value,
        DwarfAttribute.Count => Count = value,
        DwarfAttribute.DataMemberLocation => MemberLocation = value,
        DwarfAttribute.ConstValue => ConstValue = value,
        DwarfAttribute.Location => Location = value,
        DwarfAttribute.Specification or DwarfAttribute.AbstractOrigin => Specification = value,
        DwarfAttribute.StrOffsetsBase => StrOffsetsBase = value,
        DwarfAttribute.AddrBase => AddrBase = value,
        _ => value,
    };
}
