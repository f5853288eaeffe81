using System.Numerics;

namespace ActorTrace.Machine.Tests.Cpu.Vfp;

/// <summary>Makes operands that meet the corners: zeros, denormals, infinities, NaNs, ends of ranges, halfway cases, near neighbours.</summary>
internal sealed class VfpOperands(Random random)
{
    internal enum Flavour
    {
        Single,
        Double,
        Integer,
        Half,
    }

    /// <summary>32 registers whose operands belong together: most exponents are near one another.</summary>
    internal void Fill(Span<ulong> registers, Flavour flavour)
    {
        bool isDouble = flavour == Flavour.Double;
        int exponent = random.Next(isDouble ? 2047 : 255);
        ulong previous = isDouble ? 0x3FF0_0000_0000_0000ul : 0x3F80_0000;
        for (int i = 0; i < registers.Length; i++)
        {
            switch (flavour)
            {
                case Flavour.Double:
                    registers[i] = previous = Number(11, 52, exponent, previous);
                    break;
                case Flavour.Single:
                    previous = Number(8, 23, exponent, previous);
                    registers[i] = previous | (Number(8, 23, exponent, previous) << 32);
                    break;
                default:
                    registers[i] = Integer(flavour) | ((ulong)Integer(flavour) << 32);
                    break;
            }
        }
    }

    private ulong Number(int exponentBits, int fractionBits, int exponent, ulong previous)
    {
        ulong sign = (ulong)random.Next(2) << (exponentBits + fractionBits);
        ulong largest = (1UL << exponentBits) - 1;
        ulong bias = largest >> 1;
        return random.Next(16) switch
        {
            0 => sign,
            1 => sign | (largest << fractionBits),
            2 => sign | (largest << fractionBits) | Fraction(fractionBits),
            3 => sign | Fraction(fractionBits),
            4 => sign | ((1UL + (ulong)random.Next(3)) << fractionBits) | Fraction(fractionBits),
            5 => sign | ((largest - 1 - (ulong)random.Next(2)) << fractionBits) | Fraction(fractionBits),
            6 => previous ^ ((1UL << (exponentBits + fractionBits)) * (ulong)random.Next(2)) ^ (ulong)random.Next(4),
            7 or 8 => sign | ((bias - 25 + (ulong)random.Next(64)) << fractionBits) | Fraction(fractionBits),
            9 => sign | (bias << fractionBits) | Fraction(fractionBits),
            10 or 11 => sign | ((ulong)random.NextInt64((long)largest) << fractionBits) | Fraction(fractionBits),
            _ => sign | ((ulong)Math.Clamp(exponent + random.Next(-4, 5), 0, (int)largest - 1) << fractionBits) | Fraction(fractionBits),
        };
    }

    /// <summary>A fraction: few bits at the top, few at the bottom, a run of ones, or any.</summary>
    private ulong Fraction(int bits)
    {
        ulong mask = (1UL << bits) - 1;
        return random.Next(6) switch
        {
            0 => 0,
            1 => (ulong)random.Next(8) << (bits - 3),
            2 => (ulong)random.Next(4),
            3 => mask ^ (ulong)random.Next(4),
            4 => (1UL << random.Next(bits)) - 1,
            _ => (ulong)random.NextInt64() & mask,
        };
    }

    private uint Integer(Flavour flavour)
    {
        if (flavour == Flavour.Half)
        {
            return (uint)Number(5, 10, random.Next(31), 0x3C00) | ((uint)Number(5, 10, random.Next(31), 0x3C00) << 16);
        }

        return random.Next(6) switch
        {
            0 => (uint)random.Next(4),
            1 => 0 - (uint)random.Next(4),
            2 => 0x8000_0000 + (uint)random.Next(3) - 1,
            3 => BitOperations.RotateLeft((1u << random.Next(25, 28)) - 1, random.Next(32)),
            4 => 0x7FFF_FFFFu >> random.Next(32),
            _ => (uint)random.NextInt64(1L << 32),
        };
    }
}
