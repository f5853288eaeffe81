using ActorTrace.Machine.Cpu.Decoding;

namespace ActorTrace.Machine.Tests.Cpu.Fuzzing;

/// <summary>What a case reads relative to the PC: literals, and the tables of TBB and TBH; and what its first instruction reads anywhere.</summary>
internal static class CodeReads
{
    private static readonly A32[] Loads =
    [
        A32.LoadStore, A32.LoadStoreExtra, A32.LoadStoreDual, A32.VfpLoad, A32.VfpLoadMultiple, A32.TableBranch,
    ];

    /// <summary>The addresses of the bytes; null where an instruction that is not the first has an index, which is not known.</summary>
    internal static List<uint>? Of(FuzzCase one)
    {
        List<uint> bytes = [];
        uint at = one.Slot + one.Offset;
        for (int i = 0; i < one.Instructions.Count; i++)
        {
            uint bits = one.Instructions[i].Word;
            Instruction instruction = one.Thumb ? T32Decoder.Decode(bits, 0) : new Instruction { Handler = A32Decoder.Decode(bits), Word = bits };
            uint n = (instruction.Word >> 16) & 15;
            if (Loads.Contains(instruction.Handler) && (n == 15 || i == 0))
            {
                if (i != 0 && Indexed(instruction))
                {
                    return null;
                }

                uint start = n == 15 ? at + (one.Thumb ? 4u : 8u) : one.Register(n);
                (start, uint length) = Range(one, instruction, n == 15 && instruction.Handler != A32.TableBranch ? start & ~3u : start);
                bytes.AddRange(Enumerable.Range(0, (int)length).Select(n => start + (uint)n));
            }

            at += one.Thumb && bits <= 0xFFFF ? 2u : 4u;
        }

        return bytes;
    }

    private static bool Indexed(Instruction instruction) => instruction.Handler switch
    {
        A32.LoadStore => (instruction.Word & (1 << 25)) != 0,
        A32.LoadStoreExtra or A32.LoadStoreDual => !instruction.HasImmediate && (instruction.Word & (1 << 22)) == 0,
        A32.TableBranch => true,
        _ => false,
    };

    private static (uint Start, uint Length) Range(FuzzCase one, Instruction instruction, uint start)
    {
        uint word = instruction.Word;
        if (instruction.Handler == A32.TableBranch)
        {
            bool halves = (word & (1 << 22)) == 0;
            return (start + (one.Register(word & 15) << (halves ? 1 : 0)), halves ? 2u : 1);
        }

        uint offset = instruction.Handler switch
        {
            A32.LoadStore when Indexed(instruction) => FuzzSituation.Shifted(one, word),
            A32.LoadStore => word & 0xFFF,
            A32.VfpLoad => (word & 0xFF) * 4,
            A32.VfpLoadMultiple => 0,
            _ when instruction.HasImmediate => instruction.Immediate,
            _ when Indexed(instruction) => one.Register(word & 15),
            _ => ((word >> 4) & 0xF0) | (word & 15),
        };
        uint length = instruction.Handler == A32.VfpLoadMultiple ? (word & 0xFF) * 4 : 8;
        return (start + ((word & (1 << 23)) != 0 ? offset : 0 - offset), length);
    }
}
