namespace ActorTrace.Machine.Profiles;

/// <summary>Reads a kernel's ready set from guest memory.</summary>
internal abstract class ReadySetReader
{
    /// <summary>The members of the set. False where memory could not be read, or what is there is no ready set.</summary>
    internal abstract bool TryRead(IGuestReader reader, out ReadySet set);

    /// <summary>Address of a member's TCB. False where memory could not be read.</summary>
    internal abstract bool TryTaskOf(IGuestReader reader, uint member, out uint task);
}

/// <summary>A bitmap of priorities.</summary>
/// <param name="table">Its first entry.</param>
/// <param name="entries">How many entries.</param>
/// <param name="bits">Bits of an entry: 8, 16 or 32; entries times bits are at most
/// <see cref="ReadySet.Capacity"/>.</param>
/// <param name="mostSignificantFirst">True where an entry's lowest priority is its most significant bit.</param>
/// <param name="taskOf">The TCB of a priority.</param>
internal sealed class ReadyBitmapReader(
    ProfileExpression table, int entries, int bits, bool mostSignificantFirst, ProfileExpression taskOf)
    : ReadySetReader
{
    internal override bool TryRead(IGuestReader reader, out ReadySet set)
    {
        set = ReadySet.Empty;
        Span<byte> bytes = stackalloc byte[ReadySet.Capacity / 8];
        bytes = bytes[..(entries * bits / 8)];
        if (!table.TryEvaluate(reader, default, out var first, out _) || !reader.TryRead(first.Word, bytes))
        {
            return false;
        }

        Span<uint> members = stackalloc uint[ReadySet.Capacity];
        int count = 0;
        for (int priority = 0; priority < entries * bits; priority++)
        {
            // Little-endian: bit b of entry e is bit e * bits + b of the whole.
            int bit = mostSignificantFirst ? priority ^ (bits - 1) : priority;
            if ((bytes[bit >> 3] >> (bit & 7) & 1) != 0)
            {
                members[count++] = (uint)priority;
            }
        }

        set = ReadySet.Of(members[..count]);
        return true;
    }

    internal override bool TryTaskOf(IGuestReader reader, uint member, out uint task)
    {
        bool known = taskOf.TryEvaluate(
            reader, new ProfileArguments(0, unchecked((int)member)), out var address, out _);
        task = address.Word;
        return known;
    }
}

/// <summary>Linked lists of tasks.</summary>
/// <param name="layout">The lists and how to walk them.</param>
internal sealed class ReadyListsReader(ReadyListsReader.Layout layout) : ReadySetReader
{
    /// <summary>The most lists: one for each priority.</summary>
    internal const int MaxLists = 1024;

    /// <summary>Compiled expressions; see <see cref="ReadyLists"/>.</summary>
    /// <param name="Lists">The array of lists.</param>
    /// <param name="Count">How many.</param>
    /// <param name="Size">Bytes of one.</param>
    /// <param name="First">First item.</param>
    /// <param name="End">True behind the last item.</param>
    /// <param name="Next">Item behind an item.</param>
    /// <param name="Task">TCB of an item.</param>
    internal sealed record Layout(
        ProfileExpression Lists,
        int Count,
        uint Size,
        ProfileExpression First,
        ProfileExpression? End,
        ProfileExpression Next,
        ProfileExpression Task);

    internal override bool TryRead(IGuestReader reader, out ReadySet set)
    {
        set = ReadySet.Empty;
        if (!layout.Lists.TryEvaluateAddress(reader, default, out uint start))
        {
            return false;
        }

        Span<uint> tasks = stackalloc uint[ReadySet.Capacity];
        int count = 0;
        for (uint index = 0; index < layout.Count; index++)
        {
            if (!TryWalk(reader, unchecked(start + (index * layout.Size)), tasks, ref count))
            {
                return false;
            }
        }

        set = ReadySet.Of(tasks[..count]);
        return true;
    }

    internal override bool TryTaskOf(IGuestReader reader, uint member, out uint task)
    {
        task = member;
        return true;
    }

    private bool TryWalk(IGuestReader reader, uint list, Span<uint> tasks, ref int count)
    {
        var arguments = new ProfileArguments(0, 0, list);
        if (!layout.First.TryEvaluate(reader, arguments, out var first, out _))
        {
            return false;
        }

        uint item = first.Word;
        while (item != 0)
        {
            arguments = arguments with { Item = item };
            ProfileValue ended = default;
            if (layout.End is not null && !layout.End.TryEvaluate(reader, arguments, out ended, out _))
            {
                return false;
            }

            if (ended.IsTrue)
            {
                return true;
            }

            // Lists that never end, and those that the guest is changing at this instant, are no reading.
            if (count == tasks.Length
                || !layout.Task.TryEvaluate(reader, arguments, out var task, out _)
                || !layout.Next.TryEvaluate(reader, arguments, out var next, out _))
            {
                return false;
            }

            tasks[count++] = task.Word;
            item = next.Word == first.Word ? 0 : next.Word;
        }

        return true;
    }
}
