using System.Text;
using ActorTrace.Machine.Uart;
using ActorTrace.Machine.Values;
using Xunit;

namespace ActorTrace.Machine.Tests.Uart;

public sealed class TerminalTests
{
    private readonly StringBuilder printed = new();

    [Fact]
    public void A_text_is_typed_at_its_time_and_a_byte_when_there_is_room()
    {
        Terminal terminal = Of(new TypedText(new VirtualInstant(100), "", "ab"));
        Assert.Equal(new VirtualInstant(100), terminal.NextChange);
        Assert.Equal(0U, terminal.Read(0, 4, new VirtualInstant(99)));
        Assert.Equal('a', terminal.Read(0, 4, new VirtualInstant(100)));
        Assert.Equal('b', terminal.Read(0, 4, new VirtualInstant(101)));
        Assert.Equal((0U, VirtualInstant.Never), (terminal.Read(0, 4, new VirtualInstant(102)), terminal.NextChange));
    }

    [Fact]
    public void A_text_waits_for_what_the_guest_prints_after_the_text_before_it()
    {
        Terminal terminal = Of(new TypedText(VirtualInstant.Zero, "> ", "x"), new TypedText(VirtualInstant.Zero, "> ", "y"));
        Print(terminal, "ready\n>");
        Assert.Equal(0U, terminal.Read(0, 4, new VirtualInstant(1)));
        Print(terminal, " ");
        Assert.Equal('x', terminal.Read(0, 4, new VirtualInstant(2)));
        Assert.Equal(0U, terminal.Read(0, 4, new VirtualInstant(3)));
        Print(terminal, "> ");
        Assert.Equal('y', terminal.Read(0, 4, new VirtualInstant(4)));
        Assert.Equal("ready\n> > ", printed.ToString());
    }

    [Fact]
    public void A_text_with_both_waits_for_both()
    {
        Terminal terminal = Of(new TypedText(new VirtualInstant(50), "login: ", "r"));
        Print(terminal, "login: ");
        Assert.Equal(new VirtualInstant(50), terminal.NextChange);
        terminal.AdvanceTo(new VirtualInstant(49));
        Assert.False(Received(terminal));
        terminal.AdvanceTo(new VirtualInstant(50));
        Assert.True(Received(terminal));
    }

    [Fact]
    public void What_is_typed_raises_the_UART_s_interrupt()
    {
        Terminal terminal = Of(new TypedText(new VirtualInstant(7), "", "q"));
        terminal.Write(0x38, 4, 0x10, VirtualInstant.Zero);
        Assert.False(terminal.InterruptLine);
        terminal.AdvanceTo(terminal.NextChange);
        Assert.True(terminal.InterruptLine);
    }

    private Terminal Of(params TypedText[] script) => new(new Pl011(null), script, (value, _) => printed.Append((char)value));

    private static void Print(Terminal terminal, string text)
    {
        foreach (char c in text)
        {
            terminal.Write(0, 4, c, new VirtualInstant(1));
        }
    }

    private static bool Received(Terminal terminal) => (terminal.Read(0x18, 4, VirtualInstant.Zero) & 0x10) == 0;
}
