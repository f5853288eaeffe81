using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Images;

/// <summary>What a symbol names (System V ABI, st_info).</summary>
public enum ElfSymbolKind : byte
{
    /// <summary>STT_NOTYPE: an assembler label.</summary>
    NoType = 0,

    /// <summary>STT_OBJECT: a variable.</summary>
    Object = 1,

    /// <summary>STT_FUNC.</summary>
    Function = 2,
}

/// <summary>A defined symbol.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">Its value; for Thumb functions without bit 0.</param>
/// <param name="Size">st_size in bytes; 0 where the assembler gave none.</param>
/// <param name="Kind">What it names.</param>
/// <param name="Global">STB_GLOBAL or STB_WEAK.</param>
/// <param name="Thumb">True for a function whose symbol has bit 0 set (ELF for the ARM Architecture, 5.5.3).</param>
/// <param name="Absolute">SHN_ABS: a number with a name, not a place.</param>
public sealed record ElfSymbol(
    string Name, GuestVa Address, uint Size, ElfSymbolKind Kind, bool Global, bool Thumb, bool Absolute);

/// <summary>How the bytes at an address are to be read, by the mapping symbols (ELF for the ARM Architecture, 5.5.5).</summary>
public enum CodeEncoding : byte
{
    /// <summary>No mapping symbol says.</summary>
    Unknown,

    /// <summary>$a: A32 instructions.</summary>
    A32,

    /// <summary>$t: T32 instructions.</summary>
    T32,

    /// <summary>$d: data, e.g. a literal pool.</summary>
    Data,
}
