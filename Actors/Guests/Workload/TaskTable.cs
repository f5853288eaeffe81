using System.Buffers.Binary;
using ActorTrace.Machine.Images;
using ActorTrace.Traces.Events;

namespace ActorTrace.Actors.Guests.Workload;

/// <summary>
/// The task_structs of the workload guest's kernel, in guest RAM, as its debug information lays them out. A task gets one when it
/// first runs; where more tasks run than there are, the one that has not run for the longest time gives up its own.
/// </summary>
internal sealed class TaskTable
{
    private const int CommLength = 16;
    private readonly KernelImage kernel;
    private readonly uint size;
    private readonly uint stackBytes;
    private readonly uint stacks;
    private readonly uint idle;
    private readonly uint pool;
    private readonly int capacity;
    private readonly uint state;
    private readonly uint stack;
    private readonly uint priority;
    private readonly uint pid;
    private readonly uint comm;
    private readonly uint savedStackPointer;
    private readonly uint savedProgramCounter;
    private readonly Dictionary<int, int> slots = [];
    private readonly SortedSet<(ulong Used, int Slot)> byUse = [];
    private readonly (int Pid, ulong Used)[] owners;
    private ulong uses;

    /// <summary>Finds the kernel's task structures.</summary>
    public TaskTable(KernelImage kernel)
    {
        this.kernel = kernel;
        AggregateType task = kernel.Struct("task_struct");
        size = task.Size;
        state = Offset(task, "__state");
        stack = Offset(task, "stack");
        priority = Offset(task, "prio");
        pid = Offset(task, "pid");
        comm = Offset(task, "comm");
        uint context = Offset(task, "cpu_context");
        AggregateType saved = kernel.Struct("cpu_context_save");
        savedStackPointer = context + Offset(saved, "sp");
        savedProgramCounter = context + Offset(saved, "pc");
        idle = kernel.Address("init_task");
        pool = kernel.Address("task_pool");
        stacks = kernel.Address("task_stacks");
        capacity = (int)((ArrayType)kernel.TypeOf("task_pool")).Count;
        stackBytes = ((ArrayType)kernel.TypeOf("task_stacks")).Element.Size;
        owners = new (int, ulong)[capacity];
    }

    /// <summary>Address of a task's structure, made or brought up to date.</summary>
    /// <param name="task">The task; pid 0 is the kernel's idle task.</param>
    public uint Place(TaskReference task)
    {
        uint address = task.Pid == 0 ? idle : AddressOf(SlotOf(task.Pid));
        Span<byte> bytes = kernel.Data(address, size);
        Put(bytes, priority, (uint)task.Priority);
        Put(bytes, pid, (uint)task.Pid);
        Span<byte> name = bytes.Slice((int)comm, CommLength);
        name.Clear();
        for (int i = 0; i < task.Comm.Length && i < CommLength - 1; i++)
        {
            name[i] = (byte)task.Comm[i];
        }

        return address;
    }

    /// <summary>Sets __state.</summary>
    /// <param name="address">A task's structure.</param>
    /// <param name="value">Linux task state bits.</param>
    public void SetState(uint address, uint value) => Put(kernel.Data(address, size), state, value);

    private static uint Offset(AggregateType type, string member) =>
        type.TryFindMember(member, out AggregateMember? found)
            ? found.Offset
            : throw new ArgumentException($"{type} has no member '{member}'.", nameof(member));

    private static void Put(Span<byte> bytes, uint offset, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[(int)offset..], value);

    private uint AddressOf(int slot) => pool + ((uint)slot * size);

    private int SlotOf(int wanted)
    {
        if (slots.TryGetValue(wanted, out int slot))
        {
            byUse.Remove((owners[slot].Used, slot));
        }
        else
        {
            slot = slots.Count < capacity ? slots.Count : Evict();
            slots.Add(wanted, slot);
            Create(slot);
        }

        owners[slot] = (wanted, ++uses);
        byUse.Add((uses, slot));
        return slot;
    }

    private int Evict()
    {
        (ulong Used, int Slot) oldest = byUse.Min;
        byUse.Remove(oldest);
        slots.Remove(owners[oldest.Slot].Pid);
        return oldest.Slot;
    }

    /// <summary>A new task continues where every site ends, on its own empty stack.</summary>
    private void Create(int slot)
    {
        Span<byte> bytes = kernel.Data(AddressOf(slot), size);
        bytes.Clear();
        uint bottom = stacks + ((uint)(slot + 1) * stackBytes);
        Put(bytes, stack, bottom);
        Put(bytes, savedStackPointer, bottom + stackBytes);
        Put(bytes, savedProgramCounter, kernel.SiteReturn);
    }
}
