using System.Numerics;

namespace ActorTrace.Machine.Cpu.Decoding;

/// <summary>A row of the T32 decode table: an encoding, and the A32 word that does the same.</summary>
internal sealed class T32Row
{
    private const uint Always = 14;

    /// <summary>Fields that must not be all ones: bits each.</summary>
    private readonly uint[] notOnes;

    private readonly Gather word;
    private readonly Gather immediate;
    private readonly Immediate kind;

    /// <summary>Creates a row.</summary>
    /// <param name="title">The manual's name.</param>
    /// <param name="pattern">16 or 32 bits, the first halfword above.</param>
    /// <param name="twin">The A32 word, and after a | how an immediate that it cannot hold is made.</param>
    /// <param name="own">What it does where that is not what the A32 word does.</param>
    internal T32Row(string title, string pattern, string twin, A32? own = null)
    {
        Title = title;
        Own = own;
        string bits = pattern.Replace(" ", "", StringComparison.Ordinal);
        Width = bits.Length;
        if (Width is not (16 or 32))
        {
            throw new InvalidOperationException($"The pattern of {title} has {Width} bits.");
        }

        for (int i = 0; i < Width; i++)
        {
            uint bit = 1u << (Width - 1 - i);
            Mask |= bits[i] is '0' or '1' ? bit : 0;
            Value |= bits[i] == '1' ? bit : 0;
            ShouldBeOne |= bits[i] == 'y' ? bit : 0;
            ShouldBeZero |= bits[i] == 'x' ? bit : 0;
        }

        notOnes = [.. bits.Where(char.IsAsciiLetterUpper).Distinct()
            .Select(letter => Gather.Places(bits, letter).Aggregate(0u, (mask, place) => mask | (1u << place)))];

        string[] parts = twin.Split('|', StringSplitOptions.TrimEntries);
        word = new Gather(bits, parts[0]);
        string[] rest = parts.Length > 1 ? parts[1].Split(' ', 2) : ["none", ""];
        kind = Enum.Parse<Immediate>(rest[0], true);
        immediate = new Gather(bits, rest[1]);
        if (word.Length != 32)
        {
            throw new InvalidOperationException($"The A32 word of {title} has {word.Length} bits.");
        }
    }

    private enum Immediate
    {
        /// <summary>The A32 word holds it.</summary>
        None,

        /// <summary>As the bits say.</summary>
        Plain,

        /// <summary>A modified immediate constant (A6.3.2).</summary>
        Expand,

        /// <summary>Sign-extended.</summary>
        Signed,

        /// <summary>The offset of the long branches, with J1 and J2 below the sign (A8.8.18).</summary>
        Branch,
    }

    internal string Title { get; }

    /// <summary>16 or 32.</summary>
    internal int Width { get; }

    internal uint Mask { get; }

    internal uint Value { get; }

    /// <summary>Bits with another value are UNPREDICTABLE; here they make no difference.</summary>
    internal uint ShouldBeOne { get; }

    /// <summary>As <see cref="ShouldBeOne"/>.</summary>
    internal uint ShouldBeZero { get; }

    /// <summary>What it does where that is not what an A32 word does.</summary>
    internal A32? Own { get; }

    internal int FixedBits => BitOperations.PopCount(Mask);

    /// <summary>Whether an instruction of this width is one of the row.</summary>
    internal bool Matches(uint bits)
    {
        if ((bits & Mask) != Value)
        {
            return false;
        }

        foreach (uint field in notOnes)
        {
            if ((bits & field) == field)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether there is an instruction that both rows match.</summary>
    internal bool Meets(T32Row other) => Width == other.Width && ((Value ^ other.Value) & Mask & other.Mask) == 0
        && !Array.Exists(notOnes, field => (other.Value & field) == field)
        && !Array.Exists(other.notOnes, field => (Value & field) == field);

    /// <summary>The instruction that these bits are.</summary>
    /// <param name="bits">An instruction that the row matches.</param>
    /// <param name="condition">What ITSTATE makes of it, 14 outside an IT block.</param>
    /// <param name="inside">It stands in an IT block: the 16-bit arithmetic does not set flags there.</param>
    internal Instruction Decode(uint bits, uint condition, bool inside)
    {
        uint twin = word.Of(bits, condition, inside);
        uint value = immediate.Of(bits, condition, inside);
        int length = immediate.Length;
        uint signs = length == 0 ? 0 : 0u - (value >> (length - 1)) << (length - 1);
        bool rotates = false;
        switch (kind)
        {
            case Immediate.Expand:
                rotates = value >> 10 != 0;
                value = Expand(value);
                break;
            case Immediate.Signed:
                value |= signs;
                break;
            case Immediate.Branch:
                value = (value | signs) ^ (signs == 0 ? 3u << (length - 3) : 0);
                break;
            default:
                break;
        }

        uint written = twin >> 28;
        return new Instruction
        {
            Handler = Own ?? A32Decoder.Decode(twin),
            Word = twin,
            Condition = written == 15 ? condition : written,
            Thumb = true,
            Length = (uint)Width / 8,
            HasImmediate = kind != Immediate.None,
            Immediate = value,
            Rotates = rotates,
        };
    }

    /// <summary>ThumbExpandImm: a byte repeated in one of three ways, or a byte with its top bit set rotated right (A6.3.2).</summary>
    private static uint Expand(uint value)
    {
        uint low = value & 0xFF;
        return (value >> 8) switch
        {
            0 => low,
            1 => low | (low << 16),
            2 => (low << 8) | (low << 24),
            3 => low * 0x0101_0101,
            _ => BitOperations.RotateRight(0x80 | (value & 0x7F), (int)(value >> 7)),
        };
    }

    /// <summary>Bits put together from the fields of an instruction. A field used again begins anew.</summary>
    private sealed class Gather
    {
        private readonly (uint Mask, int Left)[] moves;
        private readonly uint constant;
        private readonly int flagsAt = -1;
        private readonly bool takesCondition;

        internal Gather(string pattern, string made)
        {
            string bits = made.Replace(" ", "", StringComparison.Ordinal);
            Length = bits.Length;
            Dictionary<char, int> used = [];
            List<(int From, int To)> single = [];
            for (int i = 0; i < Length; i++)
            {
                int to = Length - 1 - i;
                char letter = bits[i];
                if (letter is '0' or '1')
                {
                    constant |= (letter == '1' ? 1u : 0) << to;
                    continue;
                }

                int[] places = Places(pattern, letter);
                if (places.Length != 0)
                {
                    int next = used.GetValueOrDefault(letter);
                    single.Add((places[next % places.Length], to));
                    used[letter] = next + 1;
                }
                else if (letter == 'f')
                {
                    flagsAt = to;
                }
                else if (letter == 'c')
                {
                    takesCondition = true;
                }
                else
                {
                    throw new InvalidOperationException($"{pattern} has no field {letter}.");
                }
            }

            if (used.Any(field => field.Value % Places(pattern, field.Key).Length != 0))
            {
                throw new InvalidOperationException($"{made} does not take all of a field of {pattern}.");
            }

            // Bits that move equally far move together.
            moves = [.. single.GroupBy(move => move.To - move.From)
                .Select(group => (group.Aggregate(0u, (mask, move) => mask | (1u << move.From)), group.Key))];
        }

        internal int Length { get; }

        /// <summary>The bit numbers of a letter, from the left.</summary>
        internal static int[] Places(string pattern, char letter) =>
            [.. Enumerable.Range(0, pattern.Length).Where(i => pattern[i] == letter).Select(i => pattern.Length - 1 - i)];

        internal uint Of(uint bits, uint condition, bool inside)
        {
            uint value = constant | (takesCondition ? condition << 28 : 0);
            value |= flagsAt >= 0 && !inside ? 1u << flagsAt : 0;
            foreach ((uint mask, int left) in moves)
            {
                value |= left >= 0 ? (bits & mask) << left : (bits & mask) >> -left;
            }

            return value;
        }
    }
}
