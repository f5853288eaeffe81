namespace ActorTrace.Machine.Images;

/// <summary>Reads attribute values in each of their forms (DWARF 5, 7.5.6).</summary>
internal static class DwarfForms
{
    internal static DwarfValue Read(ref ImageReader reader, DwarfUnit unit, DwarfAttributeSpec spec)
    {
        var form = spec.Form;
        if (form == DwarfForm.Indirect)
        {
            form = (DwarfForm)(ushort)reader.Uleb128();
        }

        switch (form)
        {
            case DwarfForm.Data1: return Number(reader.U8());
            case DwarfForm.Data2: return Number(reader.U16());
            case DwarfForm.Data4: return Number(reader.U32());
            case DwarfForm.Data8: return Number(reader.U64());
            case DwarfForm.Udata: return Number(reader.Uleb128());
            case DwarfForm.Sdata: return new DwarfValue(DwarfClass.Signed, (ulong)reader.Sleb128());
            case DwarfForm.ImplicitConst: return new DwarfValue(DwarfClass.Signed, (ulong)spec.Implicit);
            case DwarfForm.Addr: return Number(reader.Unsigned(unit.AddressSize));
            case DwarfForm.SecOffset: return Number(reader.Unsigned(unit.OffsetSize));
            case DwarfForm.Flag: return new DwarfValue(DwarfClass.Flag, reader.U8());
            case DwarfForm.FlagPresent: return new DwarfValue(DwarfClass.Flag, 1);
            case DwarfForm.Block1: return Block(ref reader, reader.U8());
            case DwarfForm.Block2: return Block(ref reader, reader.U16());
            case DwarfForm.Block4: return Block(ref reader, reader.U32());
            case DwarfForm.Block or DwarfForm.Exprloc: return Block(ref reader, reader.Uleb128());
            case DwarfForm.Ref1: return Local(unit, reader.U8());
            case DwarfForm.Ref2: return Local(unit, reader.U16());
            case DwarfForm.Ref4: return Local(unit, reader.U32());
            case DwarfForm.Ref8: return Local(unit, reader.U64());
            case DwarfForm.RefUdata: return Local(unit, reader.Uleb128());
            case DwarfForm.RefAddr:
                return new DwarfValue(
                    DwarfClass.Reference, reader.Unsigned(unit.Version <= 2 ? unit.AddressSize : unit.OffsetSize));
            case DwarfForm.RefSig8: return new DwarfValue(DwarfClass.Signature, reader.U64());
            default: return ReadTextOrOther(ref reader, unit, form);
        }
    }

    private static DwarfValue ReadTextOrOther(ref ImageReader reader, DwarfUnit unit, DwarfForm form)
    {
        switch (form)
        {
            case DwarfForm.String:
                int start = reader.Position;
                reader.NameBytes();
                return new DwarfValue(DwarfClass.InlineString, (ulong)start);
            case DwarfForm.Strp: return new DwarfValue(DwarfClass.String, reader.Unsigned(unit.OffsetSize));
            case DwarfForm.LineStrp: return new DwarfValue(DwarfClass.LineString, reader.Unsigned(unit.OffsetSize));
            case DwarfForm.Strx or DwarfForm.GnuStrIndex: return StringIndex(reader.Uleb128());
            case DwarfForm.Strx1: return StringIndex(reader.U8());
            case DwarfForm.Strx2: return StringIndex(reader.U16());
            case DwarfForm.Strx3: return StringIndex(reader.Unsigned(3));
            case DwarfForm.Strx4: return StringIndex(reader.U32());
            case DwarfForm.Addrx or DwarfForm.Loclistx or DwarfForm.Rnglistx or DwarfForm.GnuAddrIndex:
                return Other(reader.Uleb128());
            case DwarfForm.Addrx1: return Other(reader.U8());
            case DwarfForm.Addrx2: return Other(reader.U16());
            case DwarfForm.Addrx3: return Other(reader.Unsigned(3));
            case DwarfForm.Addrx4 or DwarfForm.RefSup4: return Other(reader.U32());
            case DwarfForm.RefSup8: return Other(reader.U64());
            case DwarfForm.StrpSup or DwarfForm.GnuRefAlt or DwarfForm.GnuStrpAlt:
                return Other(reader.Unsigned(unit.OffsetSize));
            case DwarfForm.Data16:
                reader.Skip(16);
                return Other(0);
            default:
                throw reader.Fail($"unknown attribute form 0x{(int)form:x}", "build it with -gdwarf-5 or -gdwarf-4");
        }
    }

    private static DwarfValue Number(ulong value) => new(DwarfClass.Unsigned, value);

    private static DwarfValue Other(ulong value) => new(DwarfClass.Other, value);

    private static DwarfValue StringIndex(ulong value) => new(DwarfClass.StringIndex, value);

    private static DwarfValue Local(DwarfUnit unit, ulong offset) =>
        new(DwarfClass.Reference, unchecked((ulong)unit.Offset + offset));

    private static DwarfValue Block(ref ImageReader reader, ulong length)
    {
        int start = reader.Position;
        reader.Skip(length);
        return new DwarfValue(DwarfClass.Block, (ulong)start, length);
    }
}
