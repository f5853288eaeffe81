using ActorTrace.Machine.Memory;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Flash;

/// <summary>
/// The board's NOR flash: two banks of 64 MiB, each of two 16-bit chips side by side on a 32-bit bus, with Intel's command set
/// and CFI. Only what an image fills is kept; all else reads as erased. Programming and erasing fail as on locked blocks.
/// </summary>
/// <param name="start">First physical address.</param>
/// <param name="content">What the beginning holds, null for nothing; the rest is erased.</param>
public sealed class CfiFlash(Pa start, RamRegion? content)
{
    /// <summary>Bytes of a bank.</summary>
    public const uint BankSize = 2 * CfiQuery.ChipSize;

    /// <summary>How many banks.</summary>
    public const int Banks = 2;

    /// <summary>Bytes of both banks.</summary>
    public const uint Size = Banks * BankSize;

    /// <summary>What an erased byte reads as.</summary>
    public const byte Erased = 0xFF;

    private readonly FlashBank[] banks = [new(), new()];

    /// <summary>First physical address.</summary>
    public Pa Start { get; } = start;

    /// <summary>What the beginning holds; null for nothing.</summary>
    public RamRegion? Content { get; } = content;

    /// <summary>A bank shows its bytes; else all its reads are answered by the chips.</summary>
    /// <param name="bank">0 or 1.</param>
    public bool ReadsArray(int bank) => banks[bank].ReadsArray;

    /// <summary>Gets each bank whose <see cref="ReadsArray"/> a store has changed.</summary>
    public Action<int>? ModeChanged { get; set; }

    /// <summary>Reads, in whatever mode the chips are.</summary>
    /// <param name="offset">Bytes from the start of the flash.</param>
    /// <param name="size">1, 2 or 4 bytes.</param>
    public uint Read(uint offset, int size)
    {
        uint value = 0;
        for (uint i = 0; i < size; i++)
        {
            value |= (uint)ReadByte(offset + i) << (int)(8 * i);
        }

        return value;
    }

    /// <summary>Writes: a command to both chips of a bank, or the operand of one. Its lowest byte counts.</summary>
    /// <param name="offset">Bytes from the start of the flash.</param>
    /// <param name="value">What is stored.</param>
    public void Write(uint offset, uint value)
    {
        int bank = (int)(offset / BankSize);
        bool before = ReadsArray(bank);
        banks[bank].Write((byte)value);
        if (before != ReadsArray(bank))
        {
            ModeChanged?.Invoke(bank);
        }
    }

    private byte ReadByte(uint offset)
    {
        FlashBank bank = banks[offset / BankSize];
        if (!bank.ReadsArray)
        {
            return (byte)(bank.Read(offset % BankSize / 4) >> (int)(8 * (offset & 1)));
        }

        return Content is { } kept && offset < (uint)kept.Bytes.Length ? kept.Bytes[offset] : Erased;
    }
}
