namespace ActorTrace.Machine.Cpu;

/// <summary>
/// The performance monitors of a vCPU, PMUv2 as a Cortex-A15 has it (ARM DDI 0406 C12): a cycle counter and six event counters.
/// Software increments, instructions and cycles are counted; all other events read as 0. Privilege filters are kept but count nothing
/// out, and an overflow sets its flag without an interrupt.
/// </summary>
internal sealed class PerformanceMonitors
{
    private const int Events = 6;
    private const int Cycles = 6;
    private const uint EventMask = (1u << Events) - 1;
    private const uint CycleBit = 1u << 31;
    private const uint CounterMask = CycleBit | EventMask;
    private const uint Identification = 0x410F_0000 | (Events << 11);
    private const uint Enable = 1;
    private const uint ResetEvents = 2;
    private const uint ResetCycles = 4;
    private const uint Divider = 8;
    private const uint ControlMask = 0x39;
    private const uint TypeMask = 0xF800_00FF;
    private const uint SoftwareIncrement = 0x00;
    private const uint InstructionsRetired = 0x08;
    private const uint CycleEvent = 0x11;
    private const int SelectCycles = 31;
    private const int CyclesPerTick = 64;

    private readonly uint[] types = new uint[Events + 1];
    private readonly ulong[] values = new ulong[Events + 1];
    private readonly ulong[] since = new ulong[Events + 1];
    private uint control;
    private uint enabled;
    private uint overflowed;
    private uint interrupts;
    private uint selected;

    /// <summary>PMUSERENR.EN: PL0 may use the counters.</summary>
    internal bool UserEnabled { get; private set; }

    /// <summary>PMCEID0: the events that are counted.</summary>
    private static uint Implemented => (1u << (int)SoftwareIncrement) | (1u << (int)InstructionsRetired) | (1u << (int)CycleEvent);

    /// <summary>The counter that PMSELR names, -1 for none.</summary>
    private int Selected => selected == SelectCycles ? Cycles : selected < Events ? (int)selected : -1;

    /// <summary>One bit a counter, the cycle counter last.</summary>
    private uint Running => (control & Enable) == 0 ? 0 : (enabled & EventMask) | ((enabled >> 31) << Cycles);

    internal void Reset()
    {
        Array.Clear(types);
        Array.Clear(values);
        Array.Clear(since);
        (control, enabled, overflowed, interrupts, selected, UserEnabled) = (0, 0, 0, 0, 0, false);
    }

    /// <summary>Reads a register.</summary>
    internal uint Read(PerformanceRegister register, PerformanceTime time)
    {
        Count(time);
        int counter = Selected;
        return register switch
        {
            PerformanceRegister.Control => Identification | control,
            PerformanceRegister.EnableSet or PerformanceRegister.EnableClear => enabled,
            PerformanceRegister.OverflowClear or PerformanceRegister.OverflowSet => overflowed,
            PerformanceRegister.Select => selected,
            PerformanceRegister.EventIds0 => Implemented,
            PerformanceRegister.CycleCount => (uint)values[Cycles],
            PerformanceRegister.EventType => counter < 0 ? 0 : types[counter],
            PerformanceRegister.EventCount => counter is < 0 or Cycles ? 0 : (uint)values[counter],
            PerformanceRegister.UserEnable => UserEnabled ? 1u : 0,
            PerformanceRegister.InterruptSet or PerformanceRegister.InterruptClear => interrupts,
            _ => 0,
        };
    }

    /// <summary>Writes a register.</summary>
    internal void Write(PerformanceRegister register, uint value, PerformanceTime time)
    {
        Count(time);
        int counter = Selected;
        uint before = Running;
        switch (register)
        {
            case PerformanceRegister.Control:
                WriteControl(value);
                break;
            case PerformanceRegister.EnableSet:
                enabled |= value & CounterMask;
                break;
            case PerformanceRegister.EnableClear:
                enabled &= ~value;
                break;
            case PerformanceRegister.OverflowClear:
                overflowed &= ~value;
                break;
            case PerformanceRegister.OverflowSet:
                overflowed |= value & CounterMask;
                break;
            case PerformanceRegister.SoftwareIncrement:
                Increment(value);
                break;
            case PerformanceRegister.Select:
                selected = value & 31;
                break;
            case PerformanceRegister.CycleCount:
                values[Cycles] = value;
                break;
            case PerformanceRegister.EventType when counter >= 0:
                types[counter] = counter == Cycles ? value & TypeMask & ~0xFFu : value & TypeMask;
                break;
            case PerformanceRegister.EventCount when counter is >= 0 and < Cycles:
                values[counter] = value;
                break;
            case PerformanceRegister.UserEnable:
                UserEnabled = (value & 1) != 0;
                break;
            case PerformanceRegister.InterruptSet:
                interrupts |= value & CounterMask;
                break;
            case PerformanceRegister.InterruptClear:
                interrupts &= ~value;
                break;
            default:
                break;
        }

        Begin(time, register == PerformanceRegister.EventType ? before & ~(1u << Math.Max(counter, 0)) : before);
    }

    /// <summary>The vCPU leaves its core: what was counted there is kept.</summary>
    internal void Leave(PerformanceTime time) => Count(time);

    /// <summary>The vCPU comes to a core, whose instructions so far are not its own. Cycles went on meanwhile.</summary>
    internal void Arrive(PerformanceTime time)
    {
        for (int i = 0; i < Events; i++)
        {
            since[i] = (types[i] & 0xFF) == InstructionsRetired ? time.Instructions : since[i];
        }
    }

    private void WriteControl(uint value)
    {
        control = value & ControlMask;
        if ((value & ResetEvents) != 0)
        {
            Array.Clear(values, 0, Events);
        }

        if ((value & ResetCycles) != 0)
        {
            values[Cycles] = 0;
        }
    }

    private void Increment(uint mask)
    {
        for (int i = 0; i < Events; i++)
        {
            if ((mask & (1u << i)) != 0 && Runs(i) && (types[i] & 0xFF) == SoftwareIncrement)
            {
                Add(i, 1);
            }
        }
    }

    private bool Runs(int counter) => (Running & (1u << counter)) != 0;

    private ulong Source(int counter, PerformanceTime time) => counter == Cycles ? time.Cycles : (types[counter] & 0xFF) switch
    {
        InstructionsRetired => time.Instructions,
        CycleEvent => time.Cycles,
        _ => 0,
    };

    /// <summary>Adds what passed since the last look.</summary>
    private void Count(PerformanceTime time)
    {
        for (int i = 0; i <= Events; i++)
        {
            if (!Runs(i))
            {
                continue;
            }

            ulong passed = Source(i, time) - since[i];
            ulong rest = i == Cycles && (control & Divider) != 0 ? passed % CyclesPerTick : 0;
            since[i] += passed - rest;
            Add(i, i == Cycles && (control & Divider) != 0 ? passed / CyclesPerTick : passed);
        }
    }

    /// <summary>Counters that did not run before count from here.</summary>
    private void Begin(PerformanceTime time, uint before)
    {
        for (int i = 0; i <= Events; i++)
        {
            since[i] = (before & (1u << i)) == 0 ? Source(i, time) : since[i];
        }
    }

    private void Add(int counter, ulong count)
    {
        ulong sum = values[counter] + count;
        values[counter] = (uint)sum;
        overflowed |= sum >> 32 != 0 ? counter == Cycles ? CycleBit : 1u << counter : 0;
    }
}
