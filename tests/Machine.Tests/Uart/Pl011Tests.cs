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

    private static uint Word(Pl011 uart, uint offset) => uart.Read(offset, 4, VirtualInstant.Zero);
}
