using System.Runtime.InteropServices;
using ActorTrace.Machine.Cpu.Decoding;
using Xunit;

namespace ActorTrace.Machine.Tests.Cpu;

/// <summary>State after N instructions depends on nothing but N.</summary>
public class ExactnessTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6, true)]
    [InlineData(7, true)]
    [InlineData(8, true)]
    [InlineData(9, true)]
    [InlineData(10, true)]
    public void Any_split_of_the_limit_gives_the_same_state(int seed, bool thumb = false)
    {
        uint[] code = thumb ? RandomThumbCode(seed) : RandomCode(seed);
        const ulong total = 4000;
        TestMachine whole = Prepare(code, thumb);
        whole.Run(total);
        TestMachine single = Prepare(code, thumb);
        TestMachine split = Prepare(code, thumb);
        Random random = new(seed);
        for (ulong i = 0; i < total; i++)
        {
            single.Run(1);
        }

        for (ulong done = 0; done < total;)
        {
            ulong part = Math.Min(total - done, (ulong)random.Next(1, 90));
            split.Run(part);
            done += part;
        }

        AssertSame(whole, single);
        AssertSame(whole, split);
        byte[] floats = whole.FloatingPoint();
        Assert.Equal(floats, single.FloatingPoint());
        Assert.Equal(floats, split.FloatingPoint());
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14, true)]
    [InlineData(15, true)]
    [InlineData(16, true)]
    public void A_displaced_instruction_does_what_it_does_in_its_place(int seed, bool thumb = false)
    {
        uint[] code = thumb ? RandomThumbCode(seed) : RandomCode(seed);
        TestMachine plain = Prepare(code, thumb);
        TestMachine displaced = Prepare(code, thumb);
        int displacements = 0;
        for (int i = 0; i < 3000; i++)
        {
            uint pc = displaced.Core[15];
            if (pc - TestMachine.Start >= displaced.Ram.Bytes.Length - 4)
            {
                plain.Run(1);
                displaced.Run(1);
            }
            else
            {
                displacements++;
                uint original = (displaced.Core.Cpsr & ThumbMachine.Thumb) != 0 ? ThumbMachine.InstructionAt(displaced, pc) : displaced.Word(pc);
                plain.Run(1);
                displaced.Core.ExecuteDisplaced(original);
            }

            if (plain.Core.Now < displaced.Core.Now)
            {
                plain.Run(1);
            }
            else if (displaced.Core.Now < plain.Core.Now)
            {
                displaced.Core.RunUntil(plain.Core.Now);
            }

            AssertSame(plain, displaced);
        }

        Assert.Equal(plain.FloatingPoint(), displaced.FloatingPoint());
        Assert.True(displacements > 1000, $"only {displacements}");
    }

    private static TestMachine Prepare(uint[] code, bool thumb)
    {
        TestMachine machine = new(1 << 14, code);
        machine.Vcpu.Cp15.Vbar = TestMachine.Start + 0x100;
        machine.Vcpu.Cp15.Cpacr = 0x00F0_0000;
        if (thumb)
        {
            // Exceptions stay in T32.
            machine.Vcpu.Cp15.Sctlr |= 1 << 30;
            machine.Core.Cpsr |= ThumbMachine.Thumb;
        }

        for (int i = 0; i < 15; i++)
        {
            machine.Core[i] = TestMachine.Start + 0x1000 + (uint)(i * 0x84);
        }

        return machine;
    }

    /// <summary>Words that mostly decode: conditions of every kind, branches that stay near.</summary>
    private static uint[] RandomCode(int seed)
    {
        Random random = new(seed);
        uint[] code = new uint[1024];
        random.NextBytes(MemoryMarshal.AsBytes(code.AsSpan()));
        for (int i = 0; i < code.Length; i++)
        {
            uint condition = random.Next(3) == 0 ? code[i] >> 28 : 14;
            uint word = (code[i] & 0x0FFF_FFFF) | (Math.Min(condition, 14) << 28);
            word = (word & 0x0C00_0000) == 0x0C00_0000 && random.Next(2) == 0 ? (word & ~0x0F00u) | 0x0A00 | (word & 0x100) : word;
            code[i] = (word & 0x0E00_0000) == 0x0A00_0000 ? (word & 0xFF00_0000) | (uint)random.Next(0, 40) : word;
        }

        (code[0], code[1]) = (0xE3A00101, 0xEEE80A10); // mov r0, #0x40000000; vmsr fpexc, r0
        return code;
    }

    /// <summary>Instructions of random rows, many in IT blocks; branches of 16 bits stay near.</summary>
    private static uint[] RandomThumbCode(int seed)
    {
        Random random = new(seed);
        List<ushort> code = [];
        while (code.Count < 6000)
        {
            T32Row row = T32Table.Rows[random.Next(T32Table.Rows.Length)];
            uint bits = row.Value | ((uint)random.NextInt64(1L << row.Width) & ~row.Mask);
            if (random.Next(8) == 0)
            {
                (row, bits) = (T32Table.Rows.First(r => r.Own == A32.IfThen), 0xBF00u | (uint)random.Next(1, 0xE0));
            }

            bool branch = row.Decode(bits, 14, false).Handler is A32.Branch or A32.BranchLink or A32.BranchLinkThumb or A32.BranchExchange;
            if (row.Width == 16)
            {
                code.Add((ushort)bits);
            }
            else if (!branch || random.Next(8) == 0)
            {
                code.AddRange([(ushort)(bits >> 16), (ushort)bits]);
            }
        }

        return [.. code.Chunk(2).Select(pair => pair[0] | ((uint)pair[^1] << 16))];
    }

    private static void AssertSame(TestMachine expected, TestMachine actual)
    {
        Assert.Equal(expected.Core.Now, actual.Core.Now);
        Assert.Equal(expected.Core.Instructions, actual.Core.Instructions);
        Assert.Equal(expected.Core.Cpsr, actual.Core.Cpsr);
        for (int i = 0; i < 16; i++)
        {
            Assert.Equal(expected.Core[i], actual.Core[i]);
        }

        Assert.Equal(expected.Vcpu.Cp15.Dfar, actual.Vcpu.Cp15.Dfar);
        Assert.True(expected.Ram.Bytes.AsSpan().SequenceEqual(actual.Ram.Bytes));
        Assert.Equal(expected.Peripherals.Written, actual.Peripherals.Written);
    }
}
