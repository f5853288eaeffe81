using System.Buffers.Binary;
using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Memory;
using ActorTrace.Machine.Values;
using CsCheck;
using Xunit;

namespace ActorTrace.Machine.Tests.Memory;

/// <summary>Random long descriptors under random controls, in both stages, against <see cref="ManualLongWalk"/>.</summary>
public class LongDescriptorTests
{
    private const ulong Tables = 0x4000_0000;
    private const int Pages = 16;
    private const int AddressesPerMemory = 200;

    [Fact]
    public void Any_tables_and_controls_give_the_address_or_the_fault_of_the_manual() =>
        Gen.Int.Sample(seed => CheckStage1(new Random(seed), false), iter: 150);

    [Fact]
    public void Descriptors_behind_stage_2_are_found_or_fault_there() =>
        Gen.Int.Sample(seed => CheckStage1(new Random(seed), true), iter: 150);

    [Fact]
    public void Any_start_level_and_size_of_stage_2_give_the_address_or_the_fault_of_the_manual() =>
        Gen.Int.Sample(seed => CheckStage2(new Random(seed)), iter: 150);

    private static void CheckStage1(Random random, bool second)
    {
        PhysicalMemory memory = RandomTables(random, true);
        for (int i = 0; i < AddressesPerMemory; i++)
        {
            VcpuContext vcpu = new(default);
            Cp15 cp15 = vcpu.Cp15;
            (cp15.Ttbr0, cp15.Ttbr1) = (Base(random), Base(random));
            cp15.Ttbcr = 0x8000_0000 | Rarely(random, 7) | (Rarely(random, 7) << 16) | (random.Next(8) == 0 ? 0x80u : 0) | (random.Next(8) == 0 ? 0x80_0000u : 0);
            cp15.Sctlr = 1u | ((uint)random.Next(4) << 19) | (random.Next(16) == 0 ? 1u << 25 : 0);
            cp15.Dacr = (uint)random.Next();
            if (second)
            {
                (vcpu.Hyp.Stage2, vcpu.Hyp.Vttbr, vcpu.Hyp.Vtcr) = (true, Base(random), 0x40);
            }

            uint va = (uint)random.NextInt64() & (random.Next(2) == 0 ? uint.MaxValue : 0xC000_FFFF);
            var access = (MemoryAccess)random.Next(3);
            bool privileged = random.Next(2) == 0;
            ManualLongWalk manual = new(memory)
            {
                Second = second ? (vcpu.Hyp.Vttbr, vcpu.Hyp.Vtcr) : null,
                BigEndian = (cp15.Sctlr & (1 << 25)) != 0,
            };
            ManualLongWalk.Found expected = manual.Stage1(cp15.Ttbcr, cp15.Ttbr0, cp15.Ttbr1, va);
            Stage1Result found = Stage1Walk.Check(cp15, Stage1Walk.Translate(vcpu, memory, new GuestVa(va)), access, privileged);
            Assert.Equal(expected.OnWalk, !found.WalkFault.IsMapped);
            if (expected.OnWalk)
            {
                Assert.Equal(expected.FaultStatus, found.WalkFault.FaultStatus);
                Assert.Equal(expected.WalkAddress, found.WalkAddress.Value);
                continue;
            }

            uint status = expected.FaultStatus != 0 || MayAccess(expected.Attributes, cp15.Sctlr, access, privileged)
                ? expected.FaultStatus
                : 0b001100u | (uint)expected.Level;
            Assert.Equal(status, found.Fault.Long);
            if (status == 0)
            {
                Assert.Equal(expected.Address, found.Ipa.Value);
                Assert.Equal(39 - (9 * expected.Level), found.SizeBits);
            }
        }
    }

    /// <summary>AP[2:1], XN, PXN, SCTLR.WXN and UWXN.</summary>
    private static bool MayAccess(string attributes, uint sctlr, MemoryAccess access, bool privileged)
    {
        bool Bit(int n) => attributes[63 - n] == '1';
        bool allowed = privileged || Bit(6);
        bool writes = allowed && !Bit(7);
        return access switch
        {
            MemoryAccess.Read => allowed,
            MemoryAccess.Write => writes,
            _ when !allowed || Bit(54) || (privileged && Bit(53)) => false,
            _ when writes && (sctlr & (1 << 19)) != 0 => false,
            _ => !(privileged && Bit(6) && !Bit(7) && (sctlr & (1 << 20)) != 0),
        };
    }

    private static void CheckStage2(Random random)
    {
        PhysicalMemory memory = RandomTables(random, false);
        for (int i = 0; i < AddressesPerMemory; i++)
        {
            HypControls hyp = new()
            {
                Stage2 = true,
                Vttbr = Base(random),
                Vtcr = (uint)random.Next(16) | ((uint)random.Next(random.Next(8) == 0 ? 4 : 2) << 6),
            };
            ulong ipa = (ulong)random.NextInt64() & (ulong.MaxValue >> random.Next(24, 40));
            var access = (MemoryAccess)random.Next(3);
            ManualLongWalk.Found expected = new ManualLongWalk(memory) { Second = (hyp.Vttbr, hyp.Vtcr) }.Stage2(ipa);
            Stage2Result found = Stage2Walk.Translate(hyp, memory, new Ipa(ipa)).Check(access);
            bool Bit(int n) => expected.Attributes[63 - n] == '1';
            bool allowed = expected.FaultStatus != 0 || access switch
            {
                MemoryAccess.Read => Bit(6),
                MemoryAccess.Write => Bit(7),
                _ => Bit(6) && !Bit(54),
            };
            uint status = allowed ? expected.FaultStatus : 0b001100u | (uint)expected.Level;
            Assert.Equal(status, found.FaultStatus);
            if (status == 0)
            {
                Assert.Equal((expected.Address, expected.Level), (found.Pa.Value, found.Level));
            }
        }
    }

    private static ulong Base(Random random) => Tables + (ulong)(random.Next(Pages) << 12) + (ulong)(random.Next(4) == 0 ? random.Next(4096) : 0);

    private static uint Rarely(Random random, int limit) => random.Next(2) == 0 ? 0 : (uint)random.Next(limit + 1);

    /// <summary>Pages of descriptors of all types, in both byte orders, that mostly lead to each other.</summary>
    private static PhysicalMemory RandomTables(Random random, bool sometimesNowhere)
    {
        RamRegion ram = new(new Pa(Tables), Pages << 12);
        for (int at = 0; at < ram.Bytes.Length; at += 8)
        {
            ulong noise = (ulong)random.NextInt64() << 1;
            ulong page = Tables + (ulong)(random.Next(Pages) << 12);
            ulong descriptor = (noise & 0xFFF0_0000_0000_0BFC) | (random.Next(8) == 0 ? 0 : 1UL << 10) | (random.Next(4) == 0 ? 0 : 1UL << 6)
                | (random.Next(sometimesNowhere ? 10 : 40) == 0 ? noise & 0xFF_FFFF_F000 : page)
                | random.Next(8) switch { 0 => 0UL, 1 => 2, 2 or 3 => 1, _ => 3 };
            BinaryPrimitives.WriteUInt64LittleEndian(ram.Bytes.AsSpan(at), descriptor);
        }

        return new PhysicalMemory([ram]);
    }
}
