namespace ActorTrace.Machine.Images;

/// <summary>One attribute of an abbreviation.</summary>
/// <param name="Attribute">What it says.</param>
/// <param name="Form">How it is stored.</param>
/// <param name="Implicit">The value itself for DW_FORM_implicit_const.</param>
internal readonly record struct DwarfAttributeSpec(DwarfAttribute Attribute, DwarfForm Form, long Implicit);

/// <summary>An abbreviation: the shape of entries (DWARF 5, 7.5.3).</summary>
internal sealed record DwarfAbbreviation(DwarfTag Tag, bool HasChildren, DwarfAttributeSpec[] Attributes);

/// <summary>The abbreviation tables of .debug_abbrev, each read once.</summary>
/// <param name="sections">The debug information.</param>
internal sealed class DwarfAbbreviations(DwarfSections sections)
{
    // Entries of one byte with thousands of empty attributes would make a small file slow; compilers stay below 30.
    private const int MaxAttributes = 64;

    private readonly Dictionary<ulong, Dictionary<ulong, DwarfAbbreviation>> _tables = [];

    /// <summary>The table at an offset of .debug_abbrev.</summary>
    internal Dictionary<ulong, DwarfAbbreviation> At(ulong offset)
    {
        if (!_tables.TryGetValue(offset, out var table))
        {
            table = Read(offset);
            _tables.Add(offset, table);
        }

        return table;
    }

    private Dictionary<ulong, DwarfAbbreviation> Read(ulong offset)
    {
        var reader = sections.Reader(".debug_abbrev");
        reader.Seek(offset);
        var table = new Dictionary<ulong, DwarfAbbreviation>();
        var attributes = new List<DwarfAttributeSpec>();
        for (ulong code = reader.Uleb128(); code != 0; code = reader.Uleb128())
        {
            var tag = (DwarfTag)(ushort)reader.Uleb128();
            bool hasChildren = reader.U8() != 0;
            attributes.Clear();
            while (true)
            {
                var attribute = (DwarfAttribute)(ushort)reader.Uleb128();
                var form = (DwarfForm)(ushort)reader.Uleb128();
                if (attribute == DwarfAttribute.End && form == DwarfForm.End)
                {
                    break;
                }

                long value = form == DwarfForm.ImplicitConst ? reader.Sleb128() : 0;
                attributes.Add(new DwarfAttributeSpec(attribute, form, value));
                if (attributes.Count > MaxAttributes)
                {
                    throw reader.Fail($"an abbreviation has more than {MaxAttributes} attributes");
                }
            }

            if (!table.TryAdd(code, new DwarfAbbreviation(tag, hasChildren, [.. attributes])))
            {
                throw reader.Fail($"abbreviation {code} is there twice");
            }
        }

        return table;
    }
}
