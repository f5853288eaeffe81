using System.Globalization;

namespace ActorTrace.Machine.Tests.Cpu.Fuzzing;

/// <summary>An instruction of a case.</summary>
/// <param name="Title">Its row in the decode table; empty for words that no row meets.</param>
/// <param name="Word">An A32 word; a T32 instruction of 16 bits as 0x0000hhhh, of 32 bits with the first halfword on top.</param>
internal readonly record struct FuzzInstruction(string Title, uint Word);

/// <summary>Instructions and the state of the processor before them.</summary>
internal sealed class FuzzCase
{
    private static readonly int[] FieldPlaces = [0, 3, 8, 12, 16];

    internal required IReadOnlyList<FuzzInstruction> Instructions { get; init; }

    /// <summary>The address at which the case sees its slot.</summary>
    internal required uint Slot { get; init; }

    /// <summary>R0-R12.</summary>
    internal uint[] Registers { get; } = new uint[13];

    internal uint Sp { get; set; }

    internal uint Lr { get; set; }

    /// <summary>With mode, flags, T, IT and E.</summary>
    internal uint Cpsr { get; set; }

    internal uint Spsr { get; set; }

    /// <summary>The address of the first instruction from the start of its slot.</summary>
    internal uint Offset { get; init; }

    /// <summary>The trap after the instructions.</summary>
    internal uint Trap { get; set; }

    internal uint Fpscr { get; set; }

    /// <summary>D0-D31, low words first.</summary>
    internal uint[] Vfp { get; } = new uint[64];

    internal bool Thumb => (Cpsr & 0x20) != 0;

    internal uint Mode => Cpsr & 31;

    internal bool User => Mode == 0x10;

    /// <summary>Neither User nor System mode.</summary>
    internal bool HasSpsr => Mode is not (0x10 or 0x1F);

    /// <summary>R0-R14 of the case's mode; R15 as an instruction reads it that is the first of the slot.</summary>
    internal uint Register(uint number) => number switch
    {
        13 => Sp,
        14 => Lr,
        15 => Slot + Offset + (Thumb ? 4u : 8u),
        _ => Registers[number],
    };

    /// <summary>An instruction has the number of a register in one of the places where most have them.</summary>
    private bool Names(int register) => Instructions.Any(i =>
        FieldPlaces.Any(at => ((i.Word >> at) & (at == 3 || i.Word <= 0xFFFF ? 7 : 15)) == register));

    /// <summary>The instruction at an address; null where that is none of the case's.</summary>
    internal FuzzInstruction? At(uint address)
    {
        uint at = Slot + Offset;
        foreach (FuzzInstruction instruction in Instructions)
        {
            if (at == address)
            {
                return instruction;
            }

            at += Thumb && instruction.Word <= 0xFFFF ? 2u : 4u;
        }

        return null;
    }

    /// <summary>The same without one of the instructions.</summary>
    internal FuzzCase Without(int index) => Copy(Slot, [.. Instructions.Where((_, i) => i != index)]);

    /// <summary>The same with one other instruction alone.</summary>
    internal FuzzCase With(uint word) => Copy(Slot, [new FuzzInstruction("", word)]);

    internal FuzzCase MovedTo(uint slot) => Copy(slot, Instructions);

    /// <summary>What a reader needs to see what happens; not the address.</summary>
    public override string ToString()
    {
        string words = string.Join(' ', Instructions.Select(i => i.Word.ToString("x8", CultureInfo.InvariantCulture)));
        string registers = string.Join(' ', Registers.Select((value, i) => $"r{i}={value:x}").Where((_, i) => Names(i)));
        return $"[{words}] cpsr={Cpsr:x8} spsr={Spsr:x8} {registers} sp={Sp:x} lr={Lr:x} trap={Trap:x} at +{Offset}";
    }

    /// <summary>The code of the slot.</summary>
    internal void WriteSlot(Span<byte> slot)
    {
        int at = 0;
        while (at < Offset)
        {
            Put(slot, ref at, Trap);
        }

        foreach (FuzzInstruction instruction in Instructions)
        {
            Put(slot, ref at, instruction.Word);
        }

        while (at < slot.Length)
        {
            Put(slot, ref at, Trap);
        }
    }

    private FuzzCase Copy(uint slot, IReadOnlyList<FuzzInstruction> instructions)
    {
        FuzzCase copy = new()
        {
            Instructions = instructions,
            Slot = slot,
            Offset = Offset,
            Trap = Trap,
            Sp = Sp,
            Lr = Lr,
            Cpsr = Cpsr,
            Spsr = Spsr,
            Fpscr = Fpscr,
        };
        Registers.CopyTo(copy.Registers, 0);
        Vfp.CopyTo(copy.Vfp, 0);
        return copy;
    }

    private void Put(Span<byte> slot, ref int at, uint word)
    {
        if (!Thumb)
        {
            BitConverter.TryWriteBytes(slot[at..], word);
            at += 4;
            return;
        }

        if (word > 0xFFFF)
        {
            BitConverter.TryWriteBytes(slot[at..], (ushort)(word >> 16));
            at += 2;
        }

        BitConverter.TryWriteBytes(slot[at..], (ushort)word);
        at += 2;
    }
}
