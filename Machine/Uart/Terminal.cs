using System.Text;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Uart;

/// <summary>
/// A UART with the terminal at the other end of its line: what the guest sends is printed, and the texts of a script are typed
/// at their time, or when the guest has printed what they wait for. A byte is typed when the UART has room for it.
/// </summary>
public sealed class Terminal : IUart
{
    private readonly ISerialPort port;
    private readonly IReadOnlyList<TypedText> script;
    private readonly StringBuilder seen = new();
    private int text;
    private int typed;
    private bool answered;

    /// <summary>Connects a terminal to a UART.</summary>
    /// <param name="port">The UART; its Sent is taken.</param>
    /// <param name="script">What is typed, in order.</param>
    /// <param name="print">Gets each byte that the guest sends, with the instant of the store.</param>
    public Terminal(ISerialPort port, IReadOnlyList<TypedText> script, Action<byte, VirtualInstant> print)
    {
        ArgumentNullException.ThrowIfNull(port);
        ArgumentNullException.ThrowIfNull(script);
        this.port = port;
        this.script = script;
        answered = script.Count > 0 && script[0].After.Length == 0;
        port.Sent = (value, now) =>
        {
            print(value, now);
            Watch((char)value);
        };
    }

    /// <inheritdoc/>
    public bool InterruptLine => port.InterruptLine;

    /// <summary>When the terminal types next without the guest doing anything; Never where it waits for the guest.</summary>
    public VirtualInstant NextChange => answered && port.CanReceive ? script[text].At : VirtualInstant.Never;

    /// <summary>Types what is due.</summary>
    public void AdvanceTo(VirtualInstant now)
    {
        while (NextChange <= now)
        {
            port.Receive((byte)script[text].Text[typed++]);
            if (typed == script[text].Text.Length)
            {
                (text, typed) = (text + 1, 0);
                seen.Clear();
                answered = text < script.Count && script[text].After.Length == 0;
            }
        }
    }

    /// <inheritdoc/>
    public uint Read(uint offset, int size, VirtualInstant now)
    {
        AdvanceTo(now);
        uint value = port.Read(offset, size, now);
        AdvanceTo(now);
        return value;
    }

    /// <inheritdoc/>
    public void Write(uint offset, int size, uint value, VirtualInstant now)
    {
        AdvanceTo(now);
        port.Write(offset, size, value, now);
        AdvanceTo(now);
    }

    private void Watch(char printed)
    {
        if (answered || text == script.Count)
        {
            return;
        }

        string awaited = script[text].After;
        seen.Append(printed);
        if (seen.Length > awaited.Length)
        {
            seen.Remove(0, seen.Length - awaited.Length);
        }

        answered = seen.Equals(awaited);
    }
}
