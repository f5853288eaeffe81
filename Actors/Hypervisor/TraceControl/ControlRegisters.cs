namespace ActorTrace.Actors.Hypervisor.TraceControl;

/// <summary>Register offsets of the trace control device; all are words.</summary>
public static class ControlRegisters
{
    /// <summary>Reads 'ATTC'.</summary>
    public const uint Id = 0x00;

    /// <summary>Guest number the next command is about.</summary>
    public const uint Guest = 0x04;

    /// <summary>Guest virtual address; bit 0 set for T32 instructions.</summary>
    public const uint Address = 0x08;

    /// <summary>A <see cref="ProbeKind"/>, with <see cref="KindOnReturn"/> where it is read when the function at the address has returned.</summary>
    public const uint Kind = 0x0C;

    /// <summary>Bit of <see cref="Kind"/>.</summary>
    public const uint KindOnReturn = 0x100;

    /// <summary>Start in ns since board start, low word; 0 = at once.</summary>
    public const uint StartLow = 0x10;

    /// <summary>Start, high word.</summary>
    public const uint StartHigh = 0x14;

    /// <summary>End in ns since board start, low word; 0 = never.</summary>
    public const uint EndLow = 0x18;

    /// <summary>End, high word.</summary>
    public const uint EndHigh = 0x1C;

    /// <summary>Writing it carries out a <see cref="ControlCommand"/>.</summary>
    public const uint Command = 0x20;

    /// <summary>The <see cref="ControlStatus"/> of the last command.</summary>
    public const uint Status = 0x24;

    /// <summary>Selects the probe that <see cref="ProbeState"/> shows: its number.</summary>
    public const uint Index = 0x28;

    /// <summary>State of the selected probe.</summary>
    public const uint ProbeState = 0x2C;

    /// <summary>Number of rings.</summary>
    public const uint RingCount = 0x30;

    /// <summary>Number of the probe that the last command added.</summary>
    public const uint LastProbe = 0x34;

    /// <summary>Why the selected probe was refused: a <see cref="Hypervisor.ProbeError"/>.</summary>
    public const uint ProbeError = 0x38;

    /// <summary>Every how-manieth hit of the probes added next is recorded; 0 and 1 mean all.</summary>
    public const uint FilterEvery = 0x3C;

    /// <summary>Bit 0: only hits of the task with number <see cref="FilterId"/>. Bit 1: only of tasks with the name that follows.</summary>
    public const uint FilterTask = 0x40;

    /// <summary>A task's number.</summary>
    public const uint FilterId = 0x44;

    /// <summary>A task's name: the first of four words, ASCII, the first character lowest, zeros behind it.</summary>
    public const uint FilterName = 0x48;

    /// <summary>The last of them.</summary>
    public const uint FilterNameEnd = 0x54;

    /// <summary>Bit of <see cref="FilterTask"/>.</summary>
    public const uint FilterTaskById = 1;

    /// <summary>Bit of <see cref="FilterTask"/>.</summary>
    public const uint FilterTaskByName = 2;

    /// <summary>What <see cref="Id"/> reads.</summary>
    public const uint IdValue = 0x4354_5441;
}

/// <summary>Commands of the trace control device.</summary>
public enum ControlCommand : uint
{
    /// <summary>Add and enable a probe.</summary>
    Add = 1,

    /// <summary>Remove all probes of the guest.</summary>
    RemoveAll = 2,

    /// <summary>Remove the probes at guest and address.</summary>
    Remove = 3,
}

/// <summary>Result of a command.</summary>
public enum ControlStatus : uint
{
    /// <summary>Carried out, or on the way to the guest's core.</summary>
    Ok = 0,

    /// <summary>No such guest.</summary>
    NoSuchGuest = 1,

    /// <summary>The address is not a multiple of 4 and not in T32 code.</summary>
    Unaligned = 2,

    /// <summary>End is not later than start.</summary>
    EndBeforeStart = 3,

    /// <summary>Too many probes.</summary>
    Quota = 4,

    /// <summary>The guest has no kernel profile, or the kind is unknown.</summary>
    NoProfile = 5,

    /// <summary>There is a probe of that kind at that address.</summary>
    AlreadyThere = 6,

    /// <summary>There is no probe at that address.</summary>
    NoSuchProbe = 7,

    /// <summary>No such command.</summary>
    UnknownCommand = 8,
}
