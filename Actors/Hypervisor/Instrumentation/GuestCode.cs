using System.Buffers.Binary;
using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Guests;
using ActorTrace.Machine.Memory;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Hypervisor.Instrumentation;

/// <summary>Finds the bytes behind a guest's virtual address: guest tables (or identity with the MMU off), then stage 2.</summary>
internal static class GuestCode
{
    private const int Halfword = 2;

    /// <summary>Walks both stages.</summary>
    /// <param name="lease">The core with the guest on it.</param>
    /// <param name="guest">The guest.</param>
    /// <param name="address">Where in the guest, a multiple of 2.</param>
    /// <param name="found">The physical address.</param>
    /// <param name="steps">Descriptors read.</param>
    /// <returns>False where the address does not translate to RAM at present.</returns>
    public static bool TryLocate(CoreLease lease, GuestLease guest, GuestVa address, out Pa found, out int steps)
    {
        found = default;
        Stage1Result first = lease.Core.TranslateGuest(address, false);
        steps = first.DescriptorReads;
        if (!first.IsMapped)
        {
            return false;
        }

        Stage2Result second = Stage2Walk.Translate(guest.Vcpu.Hyp, guest.Memory, first.Ipa);
        steps += second.DescriptorReads;
        found = second.Pa;
        return second.IsMapped && guest.Memory.Find(second.Pa, Halfword) is not null;
    }

    /// <summary>Reads the guest's own halfword at a virtual address, under a probe instruction too; false where the address does not translate to RAM.</summary>
    public static bool TryReadHalfword(CoreLease lease, GuestLease guest, GuestVa address, out ushort value)
    {
        value = 0;
        if (!TryLocate(lease, guest, address, out Pa found, out _))
        {
            return false;
        }

        value = guest.ProbeTable.SiteAt(found) is { } site ? site.OriginalHalfword(0)
            : guest.ProbeTable.SiteAt(new Pa(found.Value - Halfword)) is { Instruction.Length: > Halfword } before ? before.OriginalHalfword(Halfword)
            : ReadHalfword(guest.Memory, found);
        return true;
    }

    /// <summary>Reads the A32 word, or the T32 halfword or pair of them, at a physical address that was located.</summary>
    /// <param name="memory">The guest's memory.</param>
    /// <param name="address">Where.</param>
    /// <param name="thumb">T32.</param>
    /// <param name="length">2 or 4 bytes, not across a page.</param>
    /// <returns>In the form of <see cref="ProbeInstruction.Bits"/>.</returns>
    public static uint Read(PhysicalMemory memory, Pa address, bool thumb, int length)
    {
        if (!thumb)
        {
            return memory.TryReadWord(address, out uint word) ? word : throw NoRam(address);
        }

        uint first = ReadHalfword(memory, address);
        return length == Halfword ? first : (first << 16) | ReadHalfword(memory, new Pa(address.Value + Halfword));
    }

    /// <summary>Writes what <see cref="Read"/> reads.</summary>
    public static void Write(PhysicalMemory memory, Pa address, bool thumb, int length, uint bits)
    {
        Span<byte> bytes = memory.Slice(address, (uint)length);
        if (bytes.IsEmpty)
        {
            throw NoRam(address);
        }

        if (!thumb)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, bits);
            return;
        }

        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)(length == Halfword ? bits : bits >> 16));
        if (length > Halfword)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes[Halfword..], (ushort)bits);
        }
    }

    private static ushort ReadHalfword(PhysicalMemory memory, Pa address)
    {
        Span<byte> bytes = memory.Slice(address, Halfword);
        return bytes.IsEmpty ? throw NoRam(address) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
    }

    private static InvalidOperationException NoRam(Pa address) => new($"{address} was located and is no RAM.");
}
