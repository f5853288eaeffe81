namespace ActorTrace.Traces.Tests.Formats.Reading;

/// <summary>A recording as a kernel makes it: pages with what a ring buffer may hold.</summary>
/// <param name="Cpus">The pages of each CPU.</param>
internal sealed record KernelTrace(IReadOnlyList<IReadOnlyList<KernelPage>> Cpus)
{
    /// <summary>One with every kind of entry.</summary>
    public static readonly KernelTrace Sample = new(
    [
        [
            new KernelPage(1_000_000_000, null,
            [
                new Entry(EntryKind.Event, 0, Record.Switch(0, "swapper/0", 0, 120, 0, "first", 101, 10)),
                new Entry(EntryKind.Event, 1_500, Record.Wakeup(101, "second", 102, 120, 1)),
                new Entry(EntryKind.Extend, 5UL << 27, null),
                new Entry(EntryKind.Event, 7, Record.Numbers(101)),
                new Entry(EntryKind.Discarded, 250, Record.Print(101, "discarded")),
                new Entry(EntryKind.Event, 3, Record.Print(101, new string('l', 300))),
                new Entry(EntryKind.Stamp, 9_000_000_123, null),
                new Entry(EntryKind.Event, 1, Record.Switch(101, "first", 101, 10, 2, "swapper/0", 0, 120)),
                new Entry(EntryKind.End, 0, null),
            ]),
            new KernelPage(9_100_000_000, 77, [new Entry(EntryKind.Event, 0, Record.Irq(0, 42, "eth0"))]),
        ],
        [
            new KernelPage(1_000_000_100, null, [new Entry(EntryKind.Event, 0, Record.Print(7, "B|7|work"))]),
            new KernelPage(8_000_000_000, 0,
            [
                new Entry(EntryKind.Event, 0, Record.Switch(7, "seven", 7, 139, 0x100, "first", 101, 10)),
                new Entry(EntryKind.Event, (1UL << 27) - 1, Record.Irq(101, -1, "")),
            ]),
            new KernelPage(9_200_000_000, null, []),
            new KernelPage(9_300_000_000, null, [new Entry(EntryKind.Event, 0, Record.Wakeup(0, "seven", 7, 139, 0))]),
        ],
    ]);
}

/// <summary>A page.</summary>
/// <param name="Time">Its time stamp.</param>
/// <param name="Lost">Events lost before it; 0 where it does not say how many, null for none.</param>
/// <param name="Entries">What it holds.</param>
internal sealed record KernelPage(ulong Time, ulong? Lost, IReadOnlyList<Entry> Entries);

/// <summary>What an entry of a page is.</summary>
internal enum EntryKind
{
    Event,
    Discarded,
    Extend,
    Stamp,
    End,
}

/// <summary>An entry of a page.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Time">Nanoseconds since the entry before; of a stamp since the clock began.</param>
/// <param name="Record">The event.</param>
internal sealed record Entry(EntryKind Kind, ulong Time, Record? Record);

/// <summary>An event: its type's number, the task, and the values of its fields in order.</summary>
internal sealed record Record(ushort Id, int Pid, object[] Values)
{
    public static Record Print(int pid, string text) => new(5, pid, [0x1234UL, text + "\n"]);

    public static Record Switch(int pid, string previous, int previousPid, int previousPriority, long state, string next, int nextPid, int nextPriority) =>
        new(50, pid, [previous, previousPid, previousPriority, state, next, nextPid, nextPriority]);

    public static Record Wakeup(int pid, string comm, int woken, int priority, int cpu) => new(51, pid, [comm, woken, priority, 1, cpu]);

    public static Record Irq(int pid, int irq, string name) => new(52, pid, [irq, name]);

    public static Record Numbers(int pid) =>
        new(60, pid, [(byte)200, (sbyte)-3, (ushort)60_000, (short)-300, 4_000_000_000u, -5, ulong.MaxValue - 1, long.MinValue, "text", "more text"]);
}
