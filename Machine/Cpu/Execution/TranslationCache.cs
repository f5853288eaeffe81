using System.Runtime.InteropServices;
using ActorTrace.Machine.Memory;

namespace ActorTrace.Machine.Cpu.Execution;

/// <summary>
/// The TLB of a vCPU: for each page number what is to be added to an address to get the host's, 0 where it must be looked up.
/// One table for loads, stores and fetches, for the privileged and the unprivileged side. A fetch entry is the page of code.
/// </summary>
internal sealed unsafe class TranslationCache
{
    private readonly PageTable[] tables =
        [new PageTable(), new PageTable(), new PageTable(), new PageTable(), new PageTable(), new PageTable()];

    private uint seenTranslations;
    private uint seenCode;
    private uint seenLayout;
    private PhysicalMemory? seenMemory;

    internal nint* Of(MemoryAccess access, bool privileged) => Table(access, privileged).Entries;

    internal void Fill(MemoryAccess access, bool privileged, uint address, nint entry) => Table(access, privileged).Fill(address >> 12, entry);

    /// <summary>Forgets what changed controls, another memory, or new pages of code have made wrong.</summary>
    internal void Refresh(HypControls controls, PhysicalMemory memory, CodeCache code)
    {
        if (seenMemory != memory || seenLayout != memory.Version || seenTranslations != controls.TranslationVersion)
        {
            FlushAll();
        }
        else if (seenCode != code.Version)
        {
            FlushStores();
        }

        (seenMemory, seenLayout) = (memory, memory.Version);
        (seenTranslations, seenCode) = (controls.TranslationVersion, code.Version);
    }

    internal void FlushAll()
    {
        foreach (PageTable table in tables)
        {
            table.Flush();
        }
    }

    internal void FlushStores()
    {
        Table(MemoryAccess.Write, false).Flush();
        Table(MemoryAccess.Write, true).Flush();
    }

    private PageTable Table(MemoryAccess access, bool privileged) => tables[((int)access * 2) + (privileged ? 1 : 0)];

    /// <summary>One entry for each of the 2^20 pages; the operating system gives memory only for those that are touched.</summary>
    private sealed class PageTable : SafeHandle
    {
        private readonly List<uint> filled = [];

        internal PageTable()
            : base(0, true) => SetHandle((nint)NativeMemory.AllocZeroed(1 << 20, (nuint)sizeof(nint)));

        public override bool IsInvalid => handle == 0;

        internal nint* Entries => (nint*)handle;

        internal void Fill(uint page, nint entry)
        {
            if (Entries[page] == 0)
            {
                filled.Add(page);
            }

            Entries[page] = entry;
        }

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
}
