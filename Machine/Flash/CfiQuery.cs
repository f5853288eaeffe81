namespace ActorTrace.Machine.Flash;

/// <summary>What a chip of the board's flash answers to a CFI query (JEDEC JESD68.01, Intel's command set), one row a field.</summary>
internal static class CfiQuery
{
    /// <summary>Size of a chip in bytes.</summary>
    public const uint ChipSize = 1 << ChipSizeExponent;

    private const int ChipSizeExponent = 25;
    private const int EraseBlockUnits = 0x200;

    private static readonly Field[] Fields =
    [
        // Word  Bytes                                    What
        new(0x10, [(byte)'Q', (byte)'R', (byte)'Y'], "identification string"),
        new(0x13, [0x01, 0x00], "primary command set: Intel extended"),
        new(0x15, [0x31, 0x00], "where the primary table is"),
        new(0x1B, [0x45, 0x55], "supply voltage, least and most: 4.5 V and 5.5 V"),
        new(0x1F, [0x07, 0x07, 0x0A, 0x00], "typical times of word write, buffer write, block erase, chip erase: 2^n"),
        new(0x23, [0x04, 0x04, 0x04, 0x00], "longest times as multiples of those: 2^n"),
        new(0x27, [ChipSizeExponent], "size of the chip: 2^n bytes"),
        new(0x28, [0x02, 0x00], "interface: x8 and x16"),
        new(0x2A, [0x0B, 0x00], "write buffer: 2^n bytes"),
        new(0x2C, [0x01], "erase block regions"),
        new(0x2D, [0xFF, 0x00, EraseBlockUnits & 0xFF, EraseBlockUnits >> 8], "region 1: 256 blocks of 0x200 x 256 bytes"),
        new(0x31, [(byte)'P', (byte)'R', (byte)'I', (byte)'1', (byte)'0'], "primary table: version 1.0, no optional feature"),
        new(0x3F, [0x01], "protection register fields"),
    ];

    private static readonly byte[] Words = Lay(Fields);

    /// <summary>The byte at a word of the chip; 0 beyond the tables.</summary>
    public static byte At(uint word) => word < Words.Length ? Words[word] : (byte)0;

    private static byte[] Lay(Field[] fields)
    {
        byte[] words = new byte[fields.Max(f => f.Word + f.Bytes.Length)];
        foreach (Field field in fields)
        {
            field.Bytes.CopyTo(words, field.Word);
        }

        return words;
    }

    private sealed record Field(int Word, byte[] Bytes, string What);
}
