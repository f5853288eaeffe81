using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Images;

/// <summary>What a segment's pages may be used for (System V ABI, p_flags).</summary>
[Flags]
public enum ElfSegmentFlags
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>PF_X.</summary>
    Execute = 1,

    /// <summary>PF_W.</summary>
    Write = 2,

    /// <summary>PF_R.</summary>
    Read = 4,
}

/// <summary>A PT_LOAD segment.</summary>
/// <param name="VirtualAddress">p_vaddr: where the program sees it once its own MMU is set up.</param>
/// <param name="PhysicalAddress">p_paddr: where a loader puts it.</param>
/// <param name="FileBytes">p_filesz bytes; the rest up to <paramref name="MemorySize"/> is zero.</param>
/// <param name="MemorySize">p_memsz in bytes, at least the length of <paramref name="FileBytes"/>; neither address
/// range passes 2^32.</param>
/// <param name="Flags">p_flags.</param>
public sealed record ElfSegment(
    GuestVa VirtualAddress,
    Ipa PhysicalAddress,
    ReadOnlyMemory<byte> FileBytes,
    uint MemorySize,
    ElfSegmentFlags Flags)
{
    /// <summary>True where the virtual address lies in the segment.</summary>
    public bool Contains(GuestVa address) => address.Value - VirtualAddress.Value < MemorySize;
}

/// <summary>A section.</summary>
/// <param name="Name">Its name, e.g. .debug_info.</param>
/// <param name="Address">sh_addr; 0 where it is not loaded.</param>
/// <param name="FileOffset">sh_offset.</param>
/// <param name="Size">sh_size.</param>
/// <param name="Type">sh_type; 8 (SHT_NOBITS) has no bytes in the file.</param>
/// <param name="Flags">sh_flags.</param>
/// <param name="Link">sh_link: of a symbol table its names, of relocations their symbol table.</param>
/// <param name="Info">sh_info: of relocations the section that they change.</param>
public sealed record ElfSection(
    string Name, GuestVa Address, uint FileOffset, uint Size, uint Type, uint Flags, uint Link, uint Info);
