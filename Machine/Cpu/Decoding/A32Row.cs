using System.Numerics;

namespace ActorTrace.Machine.Cpu.Decoding;

/// <summary>A row of the decode table.</summary>
internal sealed class A32Row
{
    private const uint ConditionField = 0xF000_0000;

    internal A32Row(string title, A32 handler, string pattern)
    {
        Title = title;
        Handler = handler;
        int bit = 32;
        foreach (char letter in pattern.Where(c => c != ' '))
        {
            bit--;
            if (letter is '0' or '1')
            {
                Mask |= 1u << bit;
                Value |= (letter == '1' ? 1u : 0) << bit;
            }
        }

        if (bit != 0)
        {
            throw new InvalidOperationException($"The pattern of {title} has {32 - bit} bits.");
        }

        Conditional = (Mask & ConditionField) == 0;
    }

    internal string Title { get; }

    internal A32 Handler { get; }

    internal uint Mask { get; }

    internal uint Value { get; }

    /// <summary>Begins with a condition other than 1111.</summary>
    internal bool Conditional { get; }

    internal int FixedBits => BitOperations.PopCount(Mask);

    internal bool Matches(uint word) => (word & Mask) == Value && !(Conditional && word >= ConditionField);
}
