using System.Numerics;
using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Timer;
using ActorTrace.Machine.Values;
using CsCheck;
using Xunit;

namespace ActorTrace.Machine.Tests.Timer;

public sealed class GenericTimersTests
{
    private static readonly ClockRates Virt = new(1_000_000_000, 62_500_000, 64);

    private static readonly BigInteger Modulus = BigInteger.One << 64;

    [Fact]
    public void The_virtual_count_is_the_physical_one_less_the_offset()
    {
        GenericTimers timers = new(Virt) { VirtualOffset = 100 };
        VirtualInstant now = new(16 * 150);
        Assert.Equal(150UL, timers.Read(TimerRegister.PhysicalCount, now));
        Assert.Equal(50UL, timers.Read(TimerRegister.VirtualCount, now));
        Assert.Equal(62_500_000UL, timers.Read(TimerRegister.Frequency, now));
    }

    [Fact]
    public void A_compare_is_due_at_the_first_cycle_at_which_the_count_reaches_it()
    {
        ClockRates arndale = new(1_700_000_000, 24_000_000, 1);
        GenericTimers timers = new(arndale);
        timers.Write(TimerRegister.VirtualCompare, 24_000, VirtualInstant.Zero);
        timers.Write(TimerRegister.VirtualControl, 1, VirtualInstant.Zero);
        VirtualInstant due = timers.NextChange(VirtualInstant.Zero);
        Assert.Equal(new VirtualInstant(1_700_000), due);
        Assert.Equal(1UL, timers.Read(TimerRegister.VirtualControl, new VirtualInstant(due.Cycles - 1)));
        Assert.Equal(5UL, timers.Read(TimerRegister.VirtualControl, due));
    }

    [Fact]
    public void A_disabled_or_masked_timer_has_no_output_and_no_deadline()
    {
        GenericTimers timers = new(Virt);
        VirtualInstant now = new(1600);
        Assert.Equal(0UL, timers.Read(TimerRegister.PhysicalControl, now));
        Assert.Equal(VirtualInstant.Never, timers.NextChange(now));
        timers.Write(TimerRegister.PhysicalControl, 3, now);
        Assert.Equal(7UL, timers.Read(TimerRegister.PhysicalControl, now));
        Assert.False(timers.Physical.Output(timers.PhysicalCount(now)));
        Assert.Equal(VirtualInstant.Never, timers.NextChange(now));
    }

    [Fact]
    public void Counters_and_frequency_do_not_take_writes()
    {
        GenericTimers timers = new(Virt);
        timers.Write(TimerRegister.PhysicalCount, 5, VirtualInstant.Zero);
        timers.Write(TimerRegister.VirtualCount, 5, VirtualInstant.Zero);
        timers.Write(TimerRegister.Frequency, 5, VirtualInstant.Zero);
        Assert.Equal(0UL, timers.Read(TimerRegister.VirtualCount, VirtualInstant.Zero));
        Assert.Equal(62_500_000UL, timers.Read(TimerRegister.Frequency, VirtualInstant.Zero));
    }

    /// <summary>TVAL and CTL against the formulas of ARM DDI 0406 B8.1.5 in unbounded integers.</summary>
    [Fact]
    public void Timer_values_are_signed_views_of_the_compare_value() =>
        Gen.Select(Gen.ULong, Gen.ULong, Gen.UInt, Gen.ULong).Sample(
            (cycles, offset, value, laterBy) =>
            {
                GenericTimers timers = new(Virt) { VirtualOffset = offset };
                VirtualInstant now = new(cycles);
                timers.Write(TimerRegister.VirtualControl, 1, now);
                timers.Write(TimerRegister.VirtualTimerValue, value, now);
                BigInteger compare = Wrap(Count(cycles) - offset + (int)value);
                Assert.Equal(compare, timers.Read(TimerRegister.VirtualCompare, now));
                Assert.Equal(value, timers.Read(TimerRegister.VirtualTimerValue, now));

                VirtualInstant later = now + laterBy;
                BigInteger count = Wrap(Count(later.Cycles) - offset);
                Assert.Equal((uint)(Wrap(compare - count) & uint.MaxValue), timers.Read(TimerRegister.VirtualTimerValue, later));
                Assert.Equal(count >= compare ? 5UL : 1UL, timers.Read(TimerRegister.VirtualControl, later));
            },
            iter: 5000);

    /// <summary>The next change against watching the output cycle by cycle, also where the virtual count wraps round.</summary>
    [Fact]
    public void The_next_change_is_exactly_where_the_output_changes()
    {
        const int Horizon = 400;
        Gen.Select(Clocks(40), Gen.ULong[0, 60], Gen.Long[-30, 30], Gen.Long[-30, 30]).Sample(
            (rates, start, offset, compare) =>
            {
                GenericTimers timers = new(rates) { VirtualOffset = (ulong)offset };
                timers.Virtual.Compare = (ulong)compare;
                timers.Virtual.ControlBits = 1;
                bool first = OutputOf(timers, start);
                ulong? seen = null;
                for (ulong t = start + 1; t < start + Horizon && seen is null; t++)
                {
                    seen = OutputOf(timers, t) != first ? t : null;
                }

                VirtualInstant told = timers.NextChange(new VirtualInstant(start));
                if (seen is { } at)
                {
                    Assert.Equal(new VirtualInstant(at), told);
                }
                else
                {
                    Assert.True(told >= new VirtualInstant(start + Horizon));
                }
            },
            iter: 20_000);
    }

    [Fact]
    public void The_hypervisor_timer_fires_at_the_first_count_that_is_not_early() =>
        Gen.Select(Clocks(1000), Gen.ULong[0, 100_000]).Sample(
            (rates, due) =>
            {
                GenericTimers timers = new(rates);
                timers.SetHypervisor(new VirtualInstant(due));
                ulong compare = timers.Hypervisor.Compare;
                Assert.True(rates.FirstInstantOf(compare).Cycles >= due);
                Assert.True(compare == 0 || rates.FirstInstantOf(compare - 1).Cycles < due);
            },
            iter: 5000);

    /// <summary>The timer is never faster than the core.</summary>
    private static Gen<ClockRates> Clocks(ulong fastest) =>
        Gen.Select(Gen.ULong[1, fastest], Gen.ULong[1, fastest]).Select(t => new ClockRates(Math.Max(t.Item1, t.Item2), Math.Min(t.Item1, t.Item2), 1));

    private static bool OutputOf(GenericTimers timers, ulong cycles) =>
        timers.Virtual.Output(timers.VirtualCount(new VirtualInstant(cycles)));

    private static BigInteger Count(ulong cycles) => (BigInteger)cycles * Virt.TimerHz / Virt.CoreHz;

    private static BigInteger Wrap(BigInteger value) => ((value % Modulus) + Modulus) % Modulus;
}
