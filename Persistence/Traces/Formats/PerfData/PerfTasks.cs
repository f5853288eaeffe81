using System.Buffers.Binary;

namespace ActorTrace.Traces.Formats.PerfData;

/// <summary>Names and thread groups of the tasks, as COMM records.</summary>
/// <remarks>
/// perf must know a task before anything names it: a wake-up of an unknown task makes one without a process. perf record writes the
/// tasks that are there when it begins in front of all samples; so does this, into room kept free at the start of the file.
/// A later name of a task, and the first of a task that finds no room, is a record among the samples.
/// </remarks>
internal sealed class PerfTasks
{
    /// <summary>Bytes kept free for the first names: more than 900 tasks.</summary>
    public const int Room = 1 << 16;

    /// <summary>Bytes of the longest record: header, pid, tid, 16 bytes of name, trailer.</summary>
    public const int LongestRecord = 8 + 8 + 16 + PerfDataWriter.TrailerBytes;

    private const uint CommRecord = 3;

    private readonly Dictionary<int, Task> _tasks = [];
    private readonly List<Task> _first = [];

    /// <summary>The last name of each task.</summary>
    public IEnumerable<KeyValuePair<int, string>> Names => _tasks.Select(task => KeyValuePair.Create(task.Key, task.Value.Name));

    /// <summary>Whether a record must stand before this event: the current task is new and has no room in front, or has another name.</summary>
    public bool Learn(in TraceEvent next)
    {
        bool record = next.Pid != 0 && next.Comm.Length != 0 && Learn(next.Pid, next.Comm, next.Tgid < 0 ? next.Pid : next.Tgid);
        if (ReferenceEquals(next.Type, EventCatalogue.SchedSwitch))
        {
            // Its group shows when it acts itself; until then it is one of its own.
            int comes = (int)next.Number(3);
            if (comes != 0 && next.Text1.Length != 0 && !_tasks.ContainsKey(comes))
            {
                _ = Learn(comes, next.Text1, null);
            }
        }

        return record;
    }

    /// <summary>The COMM record of the event's task.</summary>
    /// <returns>Bytes written.</returns>
    public static int Record(in TraceEvent next, Span<byte> space) =>
        Record(space, next.Pid, next.Tgid < 0 ? next.Pid : next.Tgid, next.Comm, next.Nanoseconds, next.Cpu);

    /// <summary>Puts the first names into the room before a place.</summary>
    /// <param name="output">Seekable.</param>
    /// <param name="end">Where the room ends.</param>
    /// <returns>Where the first record begins.</returns>
    public long WriteFirst(Stream output, long end)
    {
        byte[] records = new byte[Room];
        int used = 0;
        foreach (Task task in _first)
        {
            // perf takes a record without a time at once.
            used += Record(records.AsSpan(used), task.Pid, task.Group ?? task.Pid, task.FirstName, 0, 0);
        }

        output.Position = end - used;
        output.Write(records, 0, used);
        return end - used;
    }

    private bool Learn(int pid, string name, int? group)
    {
        if (_tasks.TryGetValue(pid, out Task? known))
        {
            known.Group ??= group;
            bool renamed = !string.Equals(known.Name, name, StringComparison.Ordinal);
            known.Name = name;
            return renamed;
        }

        var task = new Task(pid, name) { Group = group };
        _tasks.Add(pid, task);
        if ((_first.Count + 1) * LongestRecord > Room)
        {
            return true;
        }

        _first.Add(task);
        return false;
    }

    private static int Record(Span<byte> space, int pid, int group, string name, ulong nanoseconds, int cpu)
    {
        Span<byte> plain = stackalloc byte[PlainText.CommBytes];
        plain = plain[..PlainText.Write(name, plain)];
        int text = (plain.Length + 8) & ~7;
        int size = 16 + text + PerfDataWriter.TrailerBytes;
        space[..size].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(space, CommRecord);
        BinaryPrimitives.WriteUInt16LittleEndian(space[6..], (ushort)size);
        BinaryPrimitives.WriteInt32LittleEndian(space[8..], group);
        BinaryPrimitives.WriteInt32LittleEndian(space[12..], pid);
        plain.CopyTo(space[16..]);
        PerfDataWriter.Trailer(space[(16 + text)..], group, pid, nanoseconds, cpu);
        return size;
    }

    private sealed class Task(int pid, string name)
    {
        public int Pid { get; } = pid;

        public string FirstName { get; } = name;

        public string Name { get; set; } = name;

        public int? Group { get; set; }
    }
}
