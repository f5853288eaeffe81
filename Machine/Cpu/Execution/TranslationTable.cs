using System.Runtime.InteropServices;

namespace ActorTrace.Machine.Cpu.Execution;

/// <summary>
/// For each of the 2^20 pages what is to be added to an address to get the host's, 0 where it must be looked up; of fetches the page
/// of code. The operating system gives memory only for the parts that are touched.
/// </summary>
internal sealed unsafe class TranslationTable : SafeHandle
{
    private const int Pages = 1 << 20;
    private const int MaxFilled = 1 << 18;
    private readonly List<uint> filled = [];

    internal TranslationTable()
        : base(0, true) => SetHandle((nint)NativeMemory.AllocZeroed(Pages, (nuint)sizeof(nint) + 1));

    public override bool IsInvalid => handle == 0;

    internal nint* Entries => (nint*)handle;

    /// <summary>For each page 1 where unaligned accesses are allowed.</summary>
    private byte* Unaligned => (byte*)(Entries + Pages);

    internal void Fill(uint page, nint entry, bool unaligned)
    {
        if (filled.Count == MaxFilled)
        {
            Flush();
        }

        filled.Add(page);
        Entries[page] = entry;
        Unaligned[page] = unaligned ? (byte)1 : (byte)0;
    }

    /// <summary>The entry for an access of any alignment that stays inside a page, 0 where there is none.</summary>
    internal nint FindUnaligned(uint address, int size) =>
        (address & 0xFFF) + (uint)size <= 0x1000 && Unaligned[address >> 12] != 0 ? Entries[address >> 12] : 0;

    internal void Forget(uint page) => Entries[page] = 0;

    internal void Flush()
    {
        foreach (uint page in filled)
        {
            Entries[page] = 0;
        }

        filled.Clear();
    }

    protected override bool ReleaseHandle()
    {
        NativeMemory.Free((void*)handle);
        return true;
    }
}
