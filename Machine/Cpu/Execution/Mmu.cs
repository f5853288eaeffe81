using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ActorTrace.Machine.Memory;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Cpu.Execution;

/// <summary>The memory side of a core: what the interpreter's fast path does not do. A refused access leaves its reason here.</summary>
internal sealed unsafe partial class Mmu(ICorePeripherals peripherals)
{
    private const uint SctlrAlignment = 2;
    private static readonly MemoryFault AlignmentFault = new(FaultKind.Alignment, 0);
    private static readonly MemoryFault ExternalAbort = new(FaultKind.External, 0);

    /// <summary>Loads and stores of a big-endian data side always take the slow path: a table without entries.</summary>
    private static readonly nint* Nothing = (nint*)NativeMemory.AllocZeroed(1 << 20, (nuint)sizeof(nint));

    /// <summary>Added to an intermediate physical address where <see cref="Emulated"/> serves it: no physical address is that high.</summary>
    private const ulong EmulatedSpace = 1UL << 63;

    private VcpuContext? vcpu;
    private PhysicalMemory? memory;
    private CodeCache? code;

    /// <summary>Serves what stage 2 refuses to the instruction that runs alone; null where that traps.</summary>
    internal DeviceAccess? Emulated { get; set; }

    /// <summary>The instruction runs on its own: devices and decoded code may be touched.</summary>
    internal bool Alone { get; set; }

    /// <summary>When the instruction that runs alone completes.</summary>
    internal VirtualInstant Completes { get; set; }

    /// <summary>What devices took beside the instruction's own cycles; included in <see cref="Completes"/>.</summary>
    internal ulong Waited { get; set; }

    internal MmuFault Fault { get; private set; }

    internal CodeCache Code => code ?? throw new InvalidOperationException("No vCPU is attached.");

    private VcpuContext Vcpu => vcpu ?? throw new InvalidOperationException("No vCPU is attached.");

    private PhysicalMemory Ram => memory ?? throw new InvalidOperationException("No vCPU is attached.");

    private TranslationCache Translations => Vcpu.Translations ?? throw new InvalidOperationException("No vCPU is attached.");

    internal void Attach(VcpuContext? newVcpu, PhysicalMemory? newMemory)
    {
        vcpu = newVcpu;
        memory = newMemory;
        code = newMemory is null ? null : CodeCache.Of(newMemory);
        if (newVcpu is not null)
        {
            newVcpu.Translations ??= new TranslationCache();
            if (!Code.Vcpus.Contains(newVcpu))
            {
                Code.Vcpus.Add(newVcpu);
            }
        }
    }

    internal void Refresh() => Translations.Refresh(Vcpu, Ram, Code);

    /// <summary>Forgets all remembered translations of this vCPU.</summary>
    internal void Flush() => Translations.FlushAll();

    /// <summary>An exclusive store took place: the open exclusive accesses of other vCPUs there are lost, whatever was stored.</summary>
    internal void CloseExclusives(ulong physical)
    {
        const ulong Doubleword = ~7UL;
        foreach (VcpuContext other in Code.Vcpus)
        {
            if (other != Vcpu && (other.State->ExclusiveAddress & Doubleword) == (physical & Doubleword))
            {
                other.ClearExclusive();
            }
        }
    }

    internal nint* Table(MemoryAccess access)
    {
        CpuState* state = Vcpu.State;
        bool swapped = access != MemoryAccess.Execute && (state->Control & Psr.BigEndian) != 0;
        return swapped ? Nothing : Translations.Current.Of(access, state->Privileged).Entries;
    }

    /// <summary>The page of code at an address, remembered for the next time; null when the fetch aborts.</summary>
    internal CodePage* FetchPage(uint address)
    {
        bool privileged = Vcpu.State->Privileged;
        if (!Translate(address, MemoryAccess.Execute, privileged, out Stage1Result found, out ulong physical))
        {
            return null;
        }

        uint version = Code.Version;
        CodePage* page = Code.PageAt(physical);
        if (page == null)
        {
            Fault = new MmuFault { Outcome = Outcome.PrefetchAbort, Reason = ExternalAbort, Address = address };
            return null;
        }

        if (version != Code.Version)
        {
            Refresh();
        }

        Translations.Current.Fill(MemoryAccess.Execute, privileged, address, (nint)page, found, false);
        return page;
    }

    internal bool Load(uint address, int size, bool aligned, bool privileged, out uint value)
    {
        value = 0;
        if ((address & (size - 1)) != 0)
        {
            return LoadUnaligned(address, size, aligned, privileged, out value);
        }

        nint entry = Translations.Current.Of(MemoryAccess.Read, privileged).Entries[address >> 12];
        if (entry != 0)
        {
            value = Swap(Read((byte*)entry + address, size), size);
            return true;
        }

        if (!Locate(address, MemoryAccess.Read, privileged, out Place place))
        {
            return false;
        }

        if (place.Host != null)
        {
            value = Read(place.Host, size);
        }
        else if (!Alone)
        {
            return Refuse(Outcome.Alone);
        }
        else if (!TryReadDevice(place.Physical, size, out value))
        {
            return Abort(address, ExternalAbort, false);
        }

        value = Swap(value, size);
        return true;
    }

    internal bool Store(uint address, int size, uint value, bool aligned, bool privileged)
    {
        if ((address & (size - 1)) != 0)
        {
            return StoreUnaligned(address, size, value, aligned, privileged);
        }

        value = Swap(value, size);
        nint entry = Translations.Current.Of(MemoryAccess.Write, privileged).Entries[address >> 12];
        if (entry != 0)
        {
            Write((byte*)entry + address, size, value);
            return true;
        }

        if (!Locate(address, MemoryAccess.Write, privileged, out Place place))
        {
            return false;
        }

        if (place.Host == null)
        {
            return !Alone
                ? Refuse(Outcome.Alone)
                : TryWriteDevice(place.Physical, size, value) || Abort(address, ExternalAbort, true);
        }

        if (!MayWrite(place, size))
        {
            return Refuse(Outcome.Alone);
        }

        Write(place.Host, size, value);
        return true;
    }

    private bool TryReadDevice(ulong physical, int size, out uint value)
    {
        value = 0;
        if ((physical & EmulatedSpace) != 0)
        {
            return Emulated!(new Ipa(physical & ~EmulatedSpace), size, false, ref value);
        }

        Wait(physical);
        return peripherals.TryRead(new Pa(physical), size, Completes, out value);
    }

    private bool TryWriteDevice(ulong physical, int size, uint value)
    {
        if ((physical & EmulatedSpace) == 0)
        {
            Wait(physical);
            return peripherals.TryWrite(new Pa(physical), size, value, Completes);
        }

        value = (uint)(value & ((1UL << (8 * size)) - 1));
        return Emulated!(new Ipa(physical & ~EmulatedSpace), size, true, ref value);
    }

    /// <summary>The instruction completes later by what the device takes.</summary>
    private void Wait(ulong physical)
    {
        ulong cycles = peripherals.AccessCycles(new Pa(physical));
        Waited += cycles;
        Completes += cycles;
    }

    private bool LoadUnaligned(uint address, int size, bool aligned, bool privileged, out uint value)
    {
        value = 0;
        if (!UnalignedAllowed(aligned))
        {
            return Abort(address, AlignmentFault, false);
        }

        nint entry = Translations.Current.Of(MemoryAccess.Read, privileged).FindUnaligned(address, size);
        if (entry != 0)
        {
            value = Swap(Read((byte*)entry + address, size), size);
            return true;
        }

        if (!LocatePieces(address, size, MemoryAccess.Read, privileged, out Place low, out Place high, out int first))
        {
            return false;
        }

        for (int i = 0; i < size; i++)
        {
            value |= (uint)(i < first ? low.Host[i] : high.Host[i - first]) << (8 * i);
        }

        value = Swap(value, size);
        return true;
    }

    private bool StoreUnaligned(uint address, int size, uint value, bool aligned, bool privileged)
    {
        if (!UnalignedAllowed(aligned))
        {
            return Abort(address, AlignmentFault, true);
        }

        value = Swap(value, size);
        nint entry = Translations.Current.Of(MemoryAccess.Write, privileged).FindUnaligned(address, size);
        if (entry != 0)
        {
            Write((byte*)entry + address, size, value);
            return true;
        }

        if (!LocatePieces(address, size, MemoryAccess.Write, privileged, out Place low, out Place high, out int first))
        {
            return false;
        }

        if (!MayWrite(low, first) || (first < size && !MayWrite(high, size - first)))
        {
            return Refuse(Outcome.Alone);
        }

        for (int i = 0; i < size; i++)
        {
            *(i < first ? low.Host + i : high.Host + (i - first)) = (byte)(value >> (8 * i));
        }

        return true;
    }

    /// <summary>
    /// Where the bytes of an unaligned access are, on one page or two. Both are looked at before anything is done: a store that aborts
    /// writes nothing. Device memory gives an alignment fault (A3.2.1 with the Virtualization Extensions); but with the MMU off,
    /// where all memory is strongly-ordered, RAM takes unaligned accesses, because the guests that people run on QEMU make them.
    /// </summary>
    private bool LocatePieces(
        uint address, int size, MemoryAccess access, bool privileged, out Place low, out Place high, out int first)
    {
        const uint PageSize = 0x1000;
        first = Math.Min(size, (int)(PageSize - (address & (PageSize - 1))));
        high = default;
        if (!Locate(address, access, privileged, out low))
        {
            return false;
        }

        bool second = first < size;
        if (low.Unaligned && second && !Locate(address + (uint)first, access, privileged, out high))
        {
            return false;
        }

        return (low.Unaligned && (!second || high.Unaligned)) || Abort(address, AlignmentFault, access == MemoryAccess.Write);
    }

    private bool UnalignedAllowed(bool aligned) => !aligned && (Vcpu.Cp15.Sctlr & SctlrAlignment) == 0;

    /// <summary>False where decoded code would change under a running block. Run alone, what was decoded is forgotten.</summary>
    private bool MayWrite(in Place place, int size)
    {
        CodePage* page = Code.Find(place.Physical);
        if (page == null || !page->Covers((uint)place.Physical & 0xFFF, size))
        {
            return true;
        }

        if (Alone)
        {
            page->Drop();
        }

        return Alone;
    }

    private static uint Read(byte* host, int size) => size switch
    {
        1 => *host,
        2 => Unsafe.ReadUnaligned<ushort>(host),
        _ => Unsafe.ReadUnaligned<uint>(host),
    };

    private static void Write(byte* host, int size, uint value)
    {
        switch (size)
        {
            case 1:
                *host = (byte)value;
                break;
            case 2:
                Unsafe.WriteUnaligned(host, (ushort)value);
                break;
            default:
                Unsafe.WriteUnaligned(host, value);
                break;
        }
    }

    private uint Swap(uint value, int size) => (Vcpu.State->Control & Psr.BigEndian) == 0
        ? value
        : size switch
        {
            1 => value,
            2 => BinaryPrimitives.ReverseEndianness((ushort)value),
            _ => BinaryPrimitives.ReverseEndianness(value),
        };
}
