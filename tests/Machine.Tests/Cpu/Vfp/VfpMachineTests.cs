using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Tests.Guests;
using ActorTrace.Machine.Values;
using Xunit;

namespace ActorTrace.Machine.Tests.Cpu.Vfp;

/// <summary>Floating point among the rest of the machine: byte order, devices, faults, vCPU switches.</summary>
public class VfpMachineTests
{
    [SkippableFact]
    public void A_big_endian_double_is_loaded_and_stored_as_on_qemu()
    {
        QemuGuest.Require();
        byte[] records = new byte[96];
        new Random(1).NextBytes(records);
        uint[] code =
        [
            0xF1010200, // setend be
            0xED9D0B00, // vldr d0, [sp]
            0xED9D1A02, // vldr s2, [sp, #8]
            0xED8D0B04, // vstr d0, [sp, #16]
            0xED8D1A06, // vstr s2, [sp, #24]
            0xE28D0008, // add r0, sp, #8
            0xEC904B04, // vldmia r0, {d4-d5}
            0xE28D0030, // add r0, sp, #48
            0xEC804B04, // vstmia r0, {d4-d5}
            0xF1010000, // setend le
            0xED8D0B08, // vstr d0, [sp, #32]
            0xED8D1A0A, // vstr s2, [sp, #40]
            0xE28D0040, // add r0, sp, #64
            0xEC804B04, // vstmia r0, {d4-d5}
        ];
        (byte[] theirs, byte[] ours) = VfpOracle.Run(code, records);
        Assert.Equal(theirs, ours);
    }

    [Fact]
    public void A_double_is_read_from_a_device_as_two_words()
    {
        TestMachine machine = Enabled(
            0xE3A01409, // mov r1, #0x09000000
            0xED910B02, // vldr d0, [r1, #8]
            0xED810A00, // vstr s0, [r1]
            0xEC532B10); // vmov r2, r3, d0
        machine.Peripherals.DeviceValue = 0x1234_5678;
        machine.Run(6);
        Assert.Equal([(0x0900_0008UL, 4), (0x0900_000C, 4)], machine.Peripherals.Read.Select(r => (r.Address, r.Size)));
        Assert.Equal([(0x0900_0000UL, 4, 0x1234_5678u)], machine.Peripherals.Written.Select(r => (r.Address, r.Size, r.Value)));
        Assert.Equal((0x1234_5678u, 0x1234_5678u), (machine.Core[2], machine.Core[3]));
    }

    [Theory]
    [InlineData(0xED910B00, 1u, false)] // vldr d0, [r1]
    [InlineData(0xED810A01, 2u, true)] // vstr s0, [r1, #4]
    [InlineData(0xECB10B04, 3u, false)] // vldmia r1!, {d0-d1}
    [InlineData(0xED210A01, 2u, true)] // vstmdb r1!, {s0}
    public void A_misaligned_access_is_an_alignment_fault_and_changes_nothing(uint word, uint misalignment, bool write)
    {
        const uint place = TestMachine.Start + 0x1000;
        TestMachine machine = Enabled(word);
        machine.Put(place - 4, 0x1111_1111, 0x2222_2222, 0x3333_3333, 0x4444_4444, 0x5555_5555, 0x6666_6666);
        byte[] memory = [.. machine.Ram.Bytes];
        machine.Vcpu.Cp15.Vbar = TestMachine.Start + 0x100;
        machine.Core[1] = place + misalignment;
        machine.Run(3);
        Assert.Equal(TestMachine.Start + 0x110, machine.Core[15] & ~0xFu);
        Assert.Equal(write ? 0x801u : 1u, machine.Vcpu.Cp15.Dfsr);
        Assert.Equal(place + misalignment, machine.Core[1]);
        Assert.Equal(memory, machine.Ram.Bytes);
        Assert.All(machine.FloatingPoint(), b => Assert.Equal(0, b));
    }

    [Fact]
    public void A_vcpu_that_was_switched_out_finds_its_floating_point_state_again()
    {
        uint[] code =
        [
            0xEC410B1F, // vmov d15, r0, r1
            0xEC410B3F, // vmov d31, r0, r1
            0xEEE11A10, // vmsr fpscr, r1
            0xEE3F0B2F, // vadd.f64 d0, d15, d31
            0xEAFFFFFC, // b to the vmsr
        ];
        TestMachine machine = Enabled(code);
        TestMachine alone = Enabled(code);
        VcpuContext other = new(new VcpuId(new GuestId(1), 0));
        other.Reset(new GuestVa(TestMachine.Start), 0, 0, 0);
        other.Cp15.Cpacr = 0x00F0_0000;
        (machine.Core[0], machine.Core[1]) = (5, 0x0100_0000);
        (alone.Core[0], alone.Core[1]) = (5, 0x0100_0000);
        for (int i = 0; i < 20; i++)
        {
            machine.Run(3);
            alone.Run(3);
            machine.Core.Detach();
            machine.Core.Attach(other, machine.Memory);
            machine.Run(7);
            machine.Core.Detach();
            machine.Core.Attach(machine.Vcpu, machine.Memory);
        }

        Assert.Equal(alone.FloatingPoint(), machine.FloatingPoint());
    }

    /// <summary>A machine whose code runs after floating point was switched on by two instructions.</summary>
    private static TestMachine Enabled(params ReadOnlySpan<uint> code)
    {
        TestMachine machine = new([0xE3A00101, 0xEEE80A10, .. code]);
        machine.Vcpu.Cp15.Cpacr = 0x00F0_0000;
        return machine;
    }
}
