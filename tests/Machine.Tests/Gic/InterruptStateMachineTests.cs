using ActorTrace.Machine.Gic;
using ActorTrace.Machine.Values;
using Xunit;

namespace ActorTrace.Machine.Tests.Gic;

/// <summary>The state machine of an interrupt (ARM IHI 0048B 3.2.4, figure 3-1) for each type, against its transitions written down as a table.</summary>
public sealed class InterruptStateMachineTests
{
    private const int Edge = 64;
    private const int Level = 65;
    private const int Sgi = 5;

    private readonly GicDistributor distributor = new(96, 0, 1, 1);
    private readonly PhysicalCpuInterface cpu;

    public InterruptStateMachineTests()
    {
        cpu = new PhysicalCpuInterface(distributor, 0) { Control = 0x201, PriorityMask = 0xFF };
        Write(0x000, 1);
        Write(0x108, 3);
        Write(0xC10, 2);
        distributor.SgiSent = sent => distributor.RaiseSgi(0, sent.Sgi, sent.Source.Index);
    }

    /// <summary>What can happen to an interrupt.</summary>
    public enum Event
    {
        Assert,
        Deassert,
        SetPending,
        ClearPending,
        Acknowledge,
        Deactivate,
        ClearActive,
    }

    /// <summary>
    /// One row a transition: type, state and input before, event, state after. I = inactive, P = pending, A = active, B = active and
    /// pending. A level-sensitive interrupt that was made pending by software stays so when its input falls (4.3.7, figure 4-10).
    /// </summary>
    public static TheoryData<int, string> Transitions { get; } = new()
    {
        // Edge-triggered: an edge or a write makes pending (A1, A2), an acknowledge active (C), a deactivation inactive (E).
        { Edge, "I Assert P" }, { Edge, "I Assert P Deassert P" }, { Edge, "I SetPending P" }, { Edge, "I Assert P ClearPending I" },
        { Edge, "I Assert P Acknowledge A" }, { Edge, "I SetPending P Acknowledge A" }, { Edge, "I Assert P Assert P Acknowledge A" },
        { Edge, "I Assert P Acknowledge A Deactivate I" }, { Edge, "I Assert P Acknowledge A ClearActive I" },
        { Edge, "I Assert P Acknowledge A Deassert A Assert B" }, { Edge, "I Assert P Acknowledge A SetPending B" },
        { Edge, "I Assert P Acknowledge A SetPending B ClearPending A" }, { Edge, "I Assert P Acknowledge A SetPending B Deactivate P" },
        { Edge, "I Assert P Acknowledge A SetPending B Acknowledge B" }, { Edge, "I Assert P Acknowledge A SetPending B Deactivate P Acknowledge A" },
        { Edge, "I Deassert I" }, { Edge, "I Acknowledge I" }, { Edge, "I Deactivate I" }, { Edge, "I ClearPending I" },

        // Level-sensitive: pending while the input is asserted or software made it so; active and pending while it stays (D).
        { Level, "I Assert P" }, { Level, "I Assert P Deassert I" }, { Level, "I SetPending P" }, { Level, "I SetPending P Assert P Deassert P" },
        { Level, "I Assert P ClearPending P" }, { Level, "I SetPending P ClearPending I" }, { Level, "I Assert P Acknowledge B" },
        { Level, "I Assert P Acknowledge B Deassert A" }, { Level, "I Assert P Acknowledge B Deassert A Deactivate I" },
        { Level, "I Assert P Acknowledge B Deactivate P" }, { Level, "I Assert P Acknowledge B ClearActive P" },
        { Level, "I SetPending P Acknowledge A" }, { Level, "I SetPending P Acknowledge A Assert B" },
        { Level, "I SetPending P Acknowledge A SetPending B Deactivate P Deassert P" }, { Level, "I Assert P SetPending P Acknowledge B Deassert A" },
        { Level, "I Deassert I" }, { Level, "I Acknowledge I" }, { Level, "I Deactivate I" },

        // SGI: pending by GICD_SGIR and GICD_SPENDSGIR only, taken back by GICD_CPENDSGIR.
        { Sgi, "I Assert P" }, { Sgi, "I SetPending P" }, { Sgi, "I Assert P ClearPending I" }, { Sgi, "I Assert P Acknowledge A" },
        { Sgi, "I Assert P Acknowledge A Assert B" }, { Sgi, "I Assert P Acknowledge A Assert B ClearPending A" },
        { Sgi, "I Assert P Acknowledge A Assert B Deactivate P" }, { Sgi, "I Assert P Acknowledge A Deactivate I" },
        { Sgi, "I Assert P Assert P Acknowledge A" }, { Sgi, "I Assert P Acknowledge A ClearActive I" },
    };

    [Theory]
    [MemberData(nameof(Transitions))]
    public void An_interrupt_goes_through_the_states_of_the_specification(int interrupt, string way)
    {
        string[] steps = way.Split(' ');
        Assert.Equal(steps[0], State(interrupt));
        for (int i = 1; i < steps.Length; i += 2)
        {
            Apply(interrupt, Enum.Parse<Event>(steps[i]));
            Assert.Equal((i, steps[i + 1]), (i, State(interrupt)));
        }
    }

    [Fact]
    public void An_SGI_is_pending_once_for_each_sender()
    {
        GicDistributor shared = new(96, 0, 1, 8);
        PhysicalCpuInterface own = new(shared, 0) { Control = 0x201, PriorityMask = 0xFF };
        shared.Control = 1;
        shared.RaiseSgi(0, Sgi, 6);
        shared.RaiseSgi(0, Sgi, 2);
        shared.RaiseSgi(0, Sgi, 2);
        Assert.Equal(0x44U, (shared.Read(0, 0xF24, 4) >> 8) & 0xFF);
        Assert.Equal((2U << 10) | Sgi, own.Acknowledge(false));
        own.EndOfInterrupt((2U << 10) | Sgi);
        Assert.Equal((uint)InterruptNumber.Spurious, own.Acknowledge(false));
        own.DeactivateInterrupt((2U << 10) | Sgi);
        Assert.Equal((6U << 10) | Sgi, own.Acknowledge(false));
    }

    private string State(int interrupt) => distributor.StatusOf(0, interrupt) switch
    {
        InterruptStatus.Inactive => "I",
        InterruptStatus.Pending => "P",
        InterruptStatus.Active => "A",
        _ => "B",
    };

    private void Apply(int interrupt, Event happens)
    {
        uint word = (uint)interrupt / 32 * 4;
        uint bit = 1U << (interrupt % 32);
        switch (happens)
        {
            case Event.Assert when interrupt == Sgi:
                Write(0xF00, 0x0200_0000 | Sgi);
                break;
            case Event.Assert or Event.Deassert:
                distributor.SetLevel(0, interrupt, happens == Event.Assert);
                break;
            case Event.SetPending when interrupt == Sgi:
                distributor.Write(0, 0xF20 + Sgi, 1, 1, VirtualInstant.Zero);
                break;
            case Event.SetPending:
                Write(0x200 + word, bit);
                break;
            case Event.ClearPending when interrupt == Sgi:
                distributor.Write(0, 0xF10 + Sgi, 1, 1, VirtualInstant.Zero);
                break;
            case Event.ClearPending:
                Write(0x280 + word, bit);
                break;
            case Event.Acknowledge:
                uint taken = cpu.Acknowledge(false);
                cpu.EndOfInterrupt(taken);
                break;
            case Event.Deactivate:
                cpu.DeactivateInterrupt((uint)interrupt);
                break;
            default:
                Write(0x380 + word, bit);
                break;
        }
    }

    private void Write(uint offset, uint value) => distributor.Write(0, offset, 4, value, VirtualInstant.Zero);
}
