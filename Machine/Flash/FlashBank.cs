namespace ActorTrace.Machine.Flash;

/// <summary>
/// The two chips of a bank, each 16 bits wide, with Intel's command set. They take every command together, whichever of them a
/// store addresses, as on QEMU's virt board. All blocks are locked: they are read, never programmed or erased.
/// </summary>
internal sealed class FlashBank
{
    private const ushort Manufacturer = 0x89;
    private const ushort Device = 0x18;
    private const ushort Ready = 0x80;
    private const ushort EraseFailed = 0x20;
    private const ushort ProgramFailed = 0x10;
    private const ushort Locked = 0x02;

    private ushort status = Ready;
    private Mode mode;
    private ushort awaited;

    private enum Mode
    {
        Array,
        Status,
        Identifier,
        Query,
    }

    /// <summary>Reads see the stored bytes.</summary>
    public bool ReadsArray => mode == Mode.Array;

    /// <summary>What each chip answers instead of a stored word.</summary>
    /// <param name="word">Word of the chip.</param>
    public ushort Read(uint word) => mode switch
    {
        Mode.Identifier => (word & 0xFF) switch
        {
            0 => Manufacturer,
            1 => Device,
            _ => 0,
        },
        Mode.Query => CfiQuery.At(word),
        _ => status,
    };

    /// <summary>Takes a command, or the operand that the command before needs.</summary>
    public void Write(byte value)
    {
        if (awaited != 0)
        {
            status |= awaited;
            awaited = 0;
            return;
        }

        switch (value)
        {
            case 0x10 or 0x40:
                Expect(ProgramFailed);
                break;
            case 0x20 or 0x60 or 0x01:
                Expect(EraseFailed);
                break;
            case 0xE8:
                // The write buffer is refused at once: what follows are no data.
                status |= Ready | ProgramFailed | Locked;
                mode = Mode.Status;
                break;
            case 0x50:
                status = Ready;
                break;
            case 0x70:
                mode = Mode.Status;
                break;
            case 0x90:
                mode = Mode.Identifier;
                break;
            case 0x98:
                mode = Mode.Query;
                break;
            case 0xFF or 0xF0 or 0x00:
                mode = Mode.Array;
                break;
            default:
                break;
        }
    }

    private void Expect(ushort failure)
    {
        awaited = (ushort)(failure | Locked);
        mode = Mode.Status;
    }
}
