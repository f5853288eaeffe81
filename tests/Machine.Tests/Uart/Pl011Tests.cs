using ActorTrace.Machine.Uart;
using ActorTrace.Machine.Values;
using Xunit;

namespace ActorTrace.Machine.Tests.Uart;

public sealed class Pl011Tests
{
    private readonly List<(byte Value, VirtualInstant At)> sent = [];

    [Fact]
    public void A_stored_byte_is_sent_at_once_with_its_instant()
    {
        Pl011 uart = new((value, at) => sent.Add((value, at)));
        uart.Write(0, 4, 0x141, new VirtualInstant(7));
        uart.Write(0, 1, 0x42, new VirtualInstant(8));
        Assert.Equal([(0x41, new VirtualInstant(7)), (0x42, new VirtualInstant(8))], sent);
        Assert.Equal(0x90U, uart.Read(0x18, 4, new VirtualInstant(9)));
    }

    [Fact]
    public void The_transmit_interrupt_shows_raw_and_masked_until_it_is_cleared()
    {
        Pl011 uart = new((_, _) => { });
        uart.Write(0, 4, 'x', VirtualInstant.Zero);
        Assert.Equal((0x20U, 0U, false), (Word(uart, 0x3C), Word(uart, 0x40), uart.InterruptLine));
        uart.Write(0x38, 4, 0x20, VirtualInstant.Zero);
        Assert.Equal((0x20U, true), (Word(uart, 0x40), uart.InterruptLine));
        uart.Write(0x44, 4, 0x20, VirtualInstant.Zero);
        Assert.Equal((0U, 0U, false), (Word(uart, 0x3C), Word(uart, 0x40), uart.InterruptLine));
    }

    [Fact]
    public void Stores_to_read_only_registers_and_gaps_change_nothing()
    {
        Pl011 uart = new((value, at) => sent.Add((value, at)));
        foreach (uint offset in new uint[] { 0x18, 0x3C, 0x40, 0xFE0, 0x50, 0xF00, 0x1000, 0x01, 0x02 })
        {
            uart.Write(offset, 1, 0xFF, VirtualInstant.Zero);
        }

        Assert.Equal((0x90U, 0U, 0x11U, 0U), (Word(uart, 0x18), Word(uart, 0x3C), Word(uart, 0xFE0), Word(uart, 0x50)));
        Assert.Empty(sent);
    }

    [Fact]
    public void Without_the_FIFO_one_byte_is_received_and_raises_the_receive_interrupt()
    {
        Pl011 uart = new(null);
        uart.Receive(0x41);
        Assert.Equal((false, 0x10U, 0xC0U), (uart.CanReceive, Word(uart, 0x3C), Word(uart, 0x18)));
        Assert.Equal(0x41U, Word(uart, 0x00));
        Assert.Equal((true, 0U, 0x90U, 0U), (uart.CanReceive, Word(uart, 0x3C), Word(uart, 0x18), Word(uart, 0x00)));
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 4)]
    [InlineData(2, 8)]
    [InlineData(3, 12)]
    [InlineData(4, 14)]
    public void With_the_FIFO_the_receive_interrupt_comes_at_the_trigger_level_and_the_timeout_before(int select, int level)
    {
        Pl011 uart = new(null);
        uart.Write(0x2C, 4, 0x10, VirtualInstant.Zero);
        uart.Write(0x34, 4, (uint)select << 3, VirtualInstant.Zero);
        for (int i = 1; i < level; i++)
        {
            uart.Receive((byte)i);
            Assert.Equal(0x40U, Word(uart, 0x3C));
        }

        uart.Receive((byte)level);
        Assert.Equal(0x50U, Word(uart, 0x3C));
        Assert.Equal(1U, Word(uart, 0x00));
        Assert.Equal(0x40U, Word(uart, 0x3C));
        for (int i = 2; i <= level; i++)
        {
            Assert.Equal((uint)i, Word(uart, 0x00));
        }

        Assert.Equal((0U, 0x90U), (Word(uart, 0x3C), Word(uart, 0x18)));
    }

    [Fact]
    public void A_byte_too_many_is_lost_and_noted_on_the_next_one()
    {
        Pl011 uart = new(null);
        uart.Write(0x2C, 4, 0x10, VirtualInstant.Zero);
        for (int i = 0; i < 17; i++)
        {
            uart.Receive((byte)i);
        }

        Assert.Equal((0x8U, 0x450U), (Word(uart, 0x04), Word(uart, 0x3C) & 0x450));
        for (uint i = 0; i < 16; i++)
        {
            Assert.Equal(i, Word(uart, 0x00));
        }

        uart.Receive(0x55);
        Assert.Equal(0x855U, Word(uart, 0x00));
        uart.Write(0x04, 4, 0, VirtualInstant.Zero);
        uart.Write(0x44, 4, 0x400, VirtualInstant.Zero);
        Assert.Equal((0U, 0U), (Word(uart, 0x04), Word(uart, 0x3C)));
    }

    [Fact]
    public void In_loopback_what_is_sent_is_received_and_not_printed()
    {
        Pl011 uart = new((value, at) => sent.Add((value, at)));
        uart.Write(0x30, 4, 0x381, VirtualInstant.Zero);
        uart.Write(0x00, 4, 'x', VirtualInstant.Zero);
        Assert.Equal((uint)'x', Word(uart, 0x00));
        Assert.Empty(sent);
    }

    private static uint Word(Pl011 uart, uint offset) => uart.Read(offset, 4, VirtualInstant.Zero);
}
