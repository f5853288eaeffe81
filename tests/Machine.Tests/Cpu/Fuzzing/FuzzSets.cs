using ActorTrace.Machine.Cpu.Decoding;

namespace ActorTrace.Machine.Tests.Cpu.Fuzzing;

/// <summary>The parts of the encoding space that are run apart from each other.</summary>
internal enum FuzzSet
{
    /// <summary>A32, with coprocessors 10 and 11 switched off.</summary>
    A32,

    /// <summary>T32, with coprocessors 10 and 11 switched off.</summary>
    T32,

    /// <summary>Coprocessors 10 and 11 in both instruction sets.</summary>
    Vfp,
}

/// <summary>Makes the generators of the sets.</summary>
internal static class FuzzSets
{
    private static readonly A32Row[] VfpRows = [.. A32Table.Rows.Where(row => row.Handler is >= A32.VfpMultiplyAccumulate and <= A32.VfpMoveDouble)];

    /// <summary>The generator of a set, for one instruction set where it has both.</summary>
    internal static ICaseGenerator Generator(FuzzSet set, bool thumb, Random random)
    {
        StateGenerator states = new(random);
        return (set, thumb) switch
        {
            (FuzzSet.A32, _) => new A32CaseGenerator(random, states, A32Table.Rows, default),
            (FuzzSet.T32, _) => new T32CaseGenerator(random, states, () => OfRow(random), () => AnyBits(random)),
            (_, false) => new A32CaseGenerator(random, states, VfpRows, (0x0C00_0E00, 0x0C00_0A00)),
            (_, true) => new T32CaseGenerator(random, states, () => OfVfpRow(random), () => Bits(random, 0x0C00_0A00, 0xFC00_0E00) | 0xE000_0000),
        };
    }

    /// <summary>The rows that cases of a set are made from: title, and an encoding of the row at random.</summary>
    internal static IEnumerable<(string Title, Func<Random, uint> Make, Func<uint, bool> Excludes)> Rows(FuzzSet set) => set switch
    {
        FuzzSet.T32 => T32Table.Rows.Select(row => (row.Title, (Func<Random, uint>)(random => OfRow(random, row)), (Func<uint, bool>)(bits => T32Exclusions.ByField(bits, 0) is not null))),
        _ => (set == FuzzSet.A32 ? A32Table.Rows : VfpRows).Select(row => (row.Title, (Func<Random, uint>)(random => OfRow(random, row)), (Func<uint, bool>)(word => A32Exclusions.ByField(word) is not null))),
    };

    /// <summary>An instruction of a row; one that is not excluded, where that can be found.</summary>
    internal static uint OfRow(Random random, A32Row row) => Try(
        () => A32ShouldBe.Obey(row.Title, Bits(random, row.Value, row.Mask) & (row.Conditional ? 0xEFFF_FFFF : uint.MaxValue)),
        word => A32Exclusions.ByField(word) is null);

    private static uint OfRow(Random random, T32Row row) => Try(
        () => T32ShouldBe.Obey(row.Title, Bits(random, row.Value, row.Width == 16 ? row.Mask | 0xFFFF_0000 : row.Mask)),
        bits => T32Exclusions.ByField(bits, 0) is null);

    private static uint Try(Func<uint> make, Func<uint, bool> allowed)
    {
        const int tries = 400;
        uint made = make();
        for (int i = 0; i < tries && !allowed(made); i++)
        {
            made = make();
        }

        return made;
    }

    private static uint OfRow(Random random) => OfRow(random, T32Table.Rows[random.Next(T32Table.Rows.Length)]);

    private static uint OfVfpRow(Random random) => (OfRow(random, VfpRows[random.Next(VfpRows.Length)]) & 0x0FFF_FFFF) | 0xE000_0000;

    /// <summary>16 bits as often as 32.</summary>
    private static uint AnyBits(Random random)
    {
        uint first = (uint)random.Next(0x1_0000);
        first = random.Next(2) == 0 ? first : 0xE800 | (first & 0x1FFF) | ((first & 0x1800) == 0 ? 0x1000u : 0);
        return T32Decoder.IsLong(first) ? (first << 16) | (uint)random.Next(0x1_0000) : first;
    }

    private static uint Bits(Random random, uint value, uint mask) => value | ((uint)random.NextInt64(1L << 32) & ~mask);
}
