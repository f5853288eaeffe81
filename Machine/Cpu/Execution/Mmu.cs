using System.Buffers.Binary;
using System.Runtime.InteropServices;
using ActorTrace.Machine.Memory;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Cpu.Execution;

/// <summary>The memory side of a core: what the interpreter's fast path does not do. A refused access leaves its reason here.</summary>
internal sealed unsafe class Mmu(ICorePeripherals peripherals)
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
        }
    }

    internal void Refresh() => Translations.Refresh(Vcpu.Hyp, Ram, Code);

    internal void Flush() => Translations.FlushAll();

    internal nint* Table(MemoryAccess access)
    {
        CpuState* state = Vcpu.State;
        bool swapped = access != MemoryAccess.Execute && (state->Control & Psr.BigEndian) != 0;
        return swapped ? Nothing : Translations.Of(access, state->Privileged);
    }

    /// <summary>The page of code at an address, remembered for the next time; null when the fetch aborts.</summary>
    internal CodePage* FetchPage(uint address)
    {
        bool privileged = Vcpu.State->Privileged;
        if (!Translate(address, MemoryAccess.Execute, privileged, out ulong physical))
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

        Translations.Fill(MemoryAccess.Execute, privileged, address, (nint)page);
        return page;
    }

    internal bool Load(uint address, int size, bool aligned, bool privileged, out uint value)
    {
        value = 0;
        if ((address & (size - 1)) != 0)
        {
            return LoadUnaligned(address, size, aligned, privileged, out value);
        }

        if (!Locate(address, size, MemoryAccess.Read, privileged, out ulong physical, out byte* host))
        {
            return false;
        }

        if (host != null)
        {
            value = size switch { 1 => *host, 2 => *(ushort*)host, _ => *(uint*)host };
        }
        else if (!Alone)
        {
            return Refuse(Outcome.Alone);
        }
        else if (!TryReadDevice(physical, size, out value))
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

        if (!Locate(address, size, MemoryAccess.Write, privileged, out ulong physical, out byte* host))
        {
            return false;
        }

        value = Swap(value, size);
        if (host == null)
        {
            return !Alone
                ? Refuse(Outcome.Alone)
                : TryWriteDevice(physical, size, value) || Abort(address, ExternalAbort, true);
        }

        CodePage* page = Code.Find(physical);
        if (page != null && page->Covers((uint)physical & 0xFFF, size))
        {
            if (!Alone)
            {
                return Refuse(Outcome.Alone);
            }

            page->Drop();
        }

        switch (size)
        {
            case 1:
                *host = (byte)value;
                break;
            case 2:
                *(ushort*)host = (ushort)value;
                break;
            default:
                *(uint*)host = value;
                break;
        }

        return true;
    }

    /// <summary>Translates for an access; fills the cache where it finds RAM.</summary>
    /// <param name="address">Where, aligned to its size.</param>
    /// <param name="size">Bytes.</param>
    /// <param name="access">Load or store.</param>
    /// <param name="privileged">False for PL0.</param>
    /// <param name="physical">The physical address.</param>
    /// <param name="host">Where the bytes are, null for devices.</param>
    internal bool Locate(uint address, int size, MemoryAccess access, bool privileged, out ulong physical, out byte* host)
    {
        host = null;
        if (!Translate(address, access, privileged, out physical))
        {
            physical = EmulatedSpace | Fault.Ipa.Value;
            return Emulated is not null && Fault is { Outcome: Outcome.Stage2Data, OnWalk: false };
        }

        host = CodeCache.HostAddress(Ram, physical, (uint)size, access);
        if (host != null && !(access == MemoryAccess.Write && Code.Find(physical) != null))
        {
            Translations.Fill(access, privileged, address, (nint)host - (nint)address);
        }

        return true;
    }

    /// <summary>The instruction turns out to be UNDEFINED.</summary>
    internal bool Undefined() => Refuse(Outcome.Undefined);

    internal bool AlignmentAbort(uint address, bool write) => Abort(address, AlignmentFault, write);

    /// <summary>A fault of cache maintenance or address translation. WnR is set, whatever the operation does.</summary>
    /// <param name="address">The operation's.</param>
    /// <param name="found">What its translation gave.</param>
    /// <param name="translation">Of address translation.</param>
    internal Outcome MaintenanceAbort(uint address, Stage1Result found, bool translation)
    {
        Fault = First(MemoryAccess.Write, address, found) with { Maintenance = !translation, Translation = translation };
        return Fault.Outcome;
    }

    /// <summary>The first stage with its permissions, without any effect.</summary>
    internal Stage1Result Probe(uint address, MemoryAccess access, bool privileged) =>
        Stage1Walk.Check(Vcpu.Cp15, Stage1Walk.Translate(Vcpu, Ram, new GuestVa(address)), access, privileged);

    /// <summary>Translates through both stages.</summary>
    internal bool Translate(uint address, MemoryAccess access, bool privileged, out ulong physical)
    {
        physical = 0;
        Stage1Result first = Probe(address, access, privileged);
        if (!first.IsMapped)
        {
            Fault = First(access, address, first);
            return false;
        }

        if (!Vcpu.Hyp.Stage2)
        {
            physical = first.Ipa.Value;
            return true;
        }

        Stage2Result second = Stage2Walk.Translate(Vcpu.Hyp, Ram, first.Ipa).Check(access);
        if (!second.IsMapped)
        {
            Fault = Second(access, address, first.Ipa, second.Fault, false);
            return false;
        }

        physical = second.Pa.Value;
        return true;
    }

    /// <summary>The fault of a first stage: the guest's, or the hypervisor's where stage 2 refused a descriptor.</summary>
    private static MmuFault First(MemoryAccess access, uint address, Stage1Result found) => found.WalkFault.IsMapped
        ? new MmuFault
        {
            Outcome = access == MemoryAccess.Execute ? Outcome.PrefetchAbort : Outcome.DataAbort,
            Reason = found.Fault,
            Domain = found.Domain,
            Address = address,
            Write = access == MemoryAccess.Write,
        }
        : Second(access, address, found.WalkAddress, found.WalkFault.Fault, true);

    private bool TryReadDevice(ulong physical, int size, out uint value)
    {
        value = 0;
        return (physical & EmulatedSpace) == 0
            ? peripherals.TryRead(new Pa(physical), size, Completes, out value)
            : Emulated!(new Ipa(physical & ~EmulatedSpace), size, false, ref value);
    }

    private bool TryWriteDevice(ulong physical, int size, uint value)
    {
        if ((physical & EmulatedSpace) == 0)
        {
            return peripherals.TryWrite(new Pa(physical), size, value, Completes);
        }

        value = (uint)(value & ((1UL << (8 * size)) - 1));
        return Emulated!(new Ipa(physical & ~EmulatedSpace), size, true, ref value);
    }

    private static MmuFault Second(MemoryAccess access, uint address, Ipa ipa, MemoryFault reason, bool walk) => new()
    {
        Outcome = access == MemoryAccess.Execute ? Outcome.Stage2Fetch : Outcome.Stage2Data,
        Address = address,
        Ipa = ipa,
        Reason = reason,
        Write = access == MemoryAccess.Write,
        OnWalk = walk,
    };

    private bool LoadUnaligned(uint address, int size, bool aligned, bool privileged, out uint value)
    {
        value = 0;
        if (!UnalignedAllowed(aligned))
        {
            return Abort(address, AlignmentFault, false);
        }

        for (int i = 0; i < size; i++)
        {
            uint at = address + (uint)i;
            if (!Locate(at, 1, MemoryAccess.Read, privileged, out _, out byte* host))
            {
                return false;
            }

            if (host == null)
            {
                return Abort(address, AlignmentFault, false);
            }

            value |= (uint)*host << (8 * i);
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

        // First all bytes are looked at: a store that aborts writes nothing.
        for (int i = 0; i < size; i++)
        {
            if (!Locate(address + (uint)i, 1, MemoryAccess.Write, privileged, out ulong physical, out byte* host))
            {
                return false;
            }

            if (host == null)
            {
                return Abort(address, AlignmentFault, true);
            }

            CodePage* page = Code.Find(physical);
            if (!Alone && page != null && page->Covers((uint)physical & 0xFFF, 1))
            {
                return Refuse(Outcome.Alone);
            }
        }

        value = Swap(value, size);
        for (int i = 0; i < size; i++)
        {
            if (!StoreByte(address + (uint)i, (byte)(value >> (8 * i)), privileged))
            {
                throw new InvalidOperationException("A store was refused after it had been allowed.");
            }
        }

        return true;
    }

    private bool StoreByte(uint address, byte value, bool privileged) => Store(address, 1, value, false, privileged);

    private bool UnalignedAllowed(bool aligned) => !aligned && (Vcpu.Cp15.Sctlr & SctlrAlignment) == 0;

    private uint Swap(uint value, int size) => (Vcpu.State->Control & Psr.BigEndian) == 0
        ? value
        : size switch
        {
            1 => value,
            2 => BinaryPrimitives.ReverseEndianness((ushort)value),
            _ => BinaryPrimitives.ReverseEndianness(value),
        };

    private bool Refuse(Outcome outcome)
    {
        Fault = new MmuFault { Outcome = outcome };
        return false;
    }

    private bool Abort(uint address, MemoryFault reason, bool write)
    {
        Fault = new MmuFault { Outcome = Outcome.DataAbort, Address = address, Reason = reason, Write = write };
        return false;
    }
}
