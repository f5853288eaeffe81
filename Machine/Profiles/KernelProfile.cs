namespace ActorTrace.Machine.Profiles;

/// <summary>How to read the tasks of a kernel: pure data, as a file of scenarios/profiles writes it. Every key of the
/// file has the name of its property with a small first letter. Expressions are C: numbers, global variables by name,
/// registers (r0..r15, sp, lr, pc, cpsr, tpidruro, tpidrurw, tpidrprw), <c>-></c> <c>.</c> <c>[]</c> <c>*</c>
/// <c>&amp;</c>, <c>sizeof</c>, casts to <c>struct tag *</c>, typedefs and u8..u64/s8..s64, all arithmetic, comparing and
/// logical operators and <c>?:</c>, with C's precedence and C's integer conversions. No assignment, no calls. Two things
/// are not C: <c>name == "text"</c> compares the text, and <c>a ?? b</c> is the first side whose names the image
/// has.</summary>
public sealed record KernelProfile
{
    /// <summary>Key <c>name</c>: unique, [a-z0-9-]+.</summary>
    public required string Name { get; init; }

    /// <summary>Key <c>description</c>, optional: one line for people.</summary>
    public string Description { get; init; } = "";

    /// <summary>Key <c>taskType</c>: C type of a task control block, e.g. <c>struct os_tcb</c>; the variable
    /// <c>task</c> of other expressions is a pointer to it.</summary>
    public required string TaskType { get; init; }

    /// <summary>Key <c>current</c>: expression, address of the TCB of the task that runs. At a switch probe of the one
    /// that leaves where the profile has <c>next</c>, else of the one that comes.</summary>
    public required string Current { get; init; }

    /// <summary>Key <c>next</c>, optional: expression, address of the TCB of the task that a switch probe's switch
    /// goes to. Without it the one that leaves is the one that came at the switch probe hit before.</summary>
    public string? Next { get; init; }

    /// <summary>Key <c>running</c>, optional: expression, address of the TCB of the task that runs, valid at any
    /// instruction. Where it is absent, <c>current</c> is.</summary>
    public string? Running { get; init; }

    /// <summary>Key <c>task</c>: mapping, what is read of each task.</summary>
    public required TaskFields Task { get; init; }

    /// <summary>Key <c>linuxPriority</c>, optional: expression over the variable <c>priority</c> (the kernel's own
    /// scale), the priority that Linux tools are shown. Default: the same number.</summary>
    public string LinuxPriority { get; init; } = "priority";

    /// <summary>Key <c>readySet</c>, optional: mapping, which tasks are ready. Without it there are no wake-ups.</summary>
    public ReadySetLayout? ReadySet { get; init; }

    /// <summary>Key <c>probeSets</c>: mapping from a set's name to its list of probes.</summary>
    public required IReadOnlyList<ProbeSet> ProbeSets { get; init; }

    /// <summary>Key <c>defaultProbeSet</c>, optional: the set that is meant where none is named.</summary>
    public string DefaultProbeSet { get; init; } = "switch";

    /// <summary>Key <c>structs</c>, optional: mapping from a struct's tag to its layout, for images without debug
    /// information. A layout given here is stronger than the image's own.</summary>
    public IReadOnlyList<StructLayout> Structs { get; init; } = [];

    /// <summary>Key <c>variables</c>, optional: mapping from a global variable's name to its C type, for images without
    /// debug information, e.g. <c>OSTCBCur: struct os_tcb *</c>. Stronger than the image's own.</summary>
    public IReadOnlyList<VariableDeclaration> Variables { get; init; } = [];
}

/// <summary>What is read of a task: expressions over the variable <c>task</c>.</summary>
public sealed record TaskFields
{
    /// <summary>Key <c>id</c>, optional: a number that tells the kernel's tasks apart. Default: the address of the
    /// TCB.</summary>
    public string Id { get; init; } = "(u32)task";

    /// <summary>Key <c>name</c>: an array of characters or a pointer to them; 15 are read, as Linux does.</summary>
    public required string Name { get; init; }

    /// <summary>Key <c>priority</c>: in the kernel's own scale; the index of the task's bit in the ready set.</summary>
    public required string Priority { get; init; }

    /// <summary>Key <c>state</c>: Linux' prev_state, 0 = runnable, 1 = sleeping (TASK_INTERRUPTIBLE), 2 and so on.</summary>
    public required string State { get; init; }

    /// <summary>Key <c>stackPointer</c>, optional: the saved stack pointer.</summary>
    public string? StackPointer { get; init; }

    /// <summary>Key <c>idle</c>: true for the kernel's idle task (Linux pid 0). Read first: where it is true of the
    /// null pointer (kernels without an idle task), nothing else is read.</summary>
    public required string Idle { get; init; }
}

/// <summary>Where a kernel says which tasks are ready.</summary>
public abstract record ReadySetLayout;

/// <summary>A bitmap of the tasks that are ready, one bit for each priority.</summary>
public sealed record ReadyBitmap : ReadySetLayout
{
    /// <summary>Key <c>table</c>: expression, an array or a pointer: the bitmap's first entry.</summary>
    public required string Table { get; init; }

    /// <summary>Key <c>entries</c>, optional where the table is an array: how many entries; entries times bits are at
    /// most 256.</summary>
    public int? Entries { get; init; }

    /// <summary>Key <c>bitsPerEntry</c>, optional where the table is an array or a pointer to numbers: 8, 16 or
    /// 32.</summary>
    public int? BitsPerEntry { get; init; }

    /// <summary>Key <c>mostSignificantFirst</c>, optional: true where the lowest priority number of an entry is its
    /// most significant bit.</summary>
    public bool MostSignificantFirst { get; init; }

    /// <summary>Key <c>taskOf</c>: expression over the variable <c>priority</c>, address of that priority's TCB, or
    /// 0.</summary>
    public required string TaskOf { get; init; }
}

/// <summary>Linked lists of the tasks that are ready.</summary>
public sealed record ReadyLists : ReadySetLayout
{
    /// <summary>Key <c>lists</c>: something in memory: an array of lists, or one list. The variable <c>list</c> of the
    /// other keys points to each of them.</summary>
    public required string Lists { get; init; }

    /// <summary>Key <c>first</c>: expression over <c>list</c>, a pointer to its first item; the variable <c>item</c> of
    /// the other keys has its type. The null pointer is the end of a list, and so is its first item.</summary>
    public required string First { get; init; }

    /// <summary>Key <c>end</c>, optional: expression over <c>list</c> and <c>item</c>, true where that is no item any
    /// more.</summary>
    public string? End { get; init; }

    /// <summary>Key <c>next</c>: expression over <c>list</c> and <c>item</c>, the item behind it.</summary>
    public required string Next { get; init; }

    /// <summary>Key <c>task</c>, optional: expression over <c>list</c> and <c>item</c>, address of the item's TCB.
    /// Default: the item itself.</summary>
    public string Task { get; init; } = "item";
}

/// <summary>What to read at a hit. The numbers are those of the trace control device's KIND register.</summary>
public enum ProbePointKind : byte
{
    /// <summary>YAML <c>switch</c>: current and next task; the ready set where the profile has one.</summary>
    Switch = 1,

    /// <summary>YAML <c>readySet</c>: the ready set.</summary>
    ReadySet = 2,

    /// <summary>YAML <c>function</c>: the running task.</summary>
    Function = 3,
}

/// <summary>When a probe is hit.</summary>
public enum ProbeMoment : byte
{
    /// <summary>YAML <c>entry</c>, the default: whenever its instruction is reached.</summary>
    Entry = 0,

    /// <summary>YAML <c>return</c>: when the function that begins at its place has returned.</summary>
    Return = 1,
}

/// <summary>A named list of probes.</summary>
/// <param name="Name">Its key, e.g. switch or switch+wakeup.</param>
/// <param name="Points">The probes, in the order of the file.</param>
public sealed record ProbeSet(string Name, IReadOnlyList<ProbePoint> Points);

/// <summary>A place to probe.</summary>
/// <param name="Name">Key <c>name</c>: for people and logs.</param>
/// <param name="Location">Key <c>at</c>: symbol, symbol+offset, or address, of which bit 0 says T32; <c>a ?? b</c> is
/// the first that the image has. Optional, default the name.</param>
/// <param name="Kind">Key <c>kind</c>: what to read there.</param>
/// <param name="Moment">Key <c>on</c>: entry or return; optional, default entry.</param>
public sealed record ProbePoint(
    string Name, string Location, ProbePointKind Kind, ProbeMoment Moment = ProbeMoment.Entry);

/// <summary>A struct's layout.</summary>
/// <param name="Tag">Its key: the tag.</param>
/// <param name="Size">Key <c>size</c>: bytes; 0 where it does not matter (no arrays of it).</param>
/// <param name="Members">Key <c>members</c>: mapping from a member's name to <c>{offset, type}</c>.</param>
public sealed record StructLayout(string Tag, uint Size, IReadOnlyList<StructMember> Members);

/// <summary>A member of a struct.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Offset">Key <c>offset</c>: bytes from the start.</param>
/// <param name="Type">Key <c>type</c>: C type, e.g. <c>u8</c>, <c>char[16]</c>, <c>struct os_tcb *</c>.</param>
public sealed record StructMember(string Name, uint Offset, string Type);

/// <summary>A global variable's type.</summary>
/// <param name="Name">Its key: the symbol.</param>
/// <param name="Type">Its C type.</param>
public sealed record VariableDeclaration(string Name, string Type);
