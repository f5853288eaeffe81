using System.Buffers.Binary;
using ActorTrace.Machine.Profiles;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Sharing;

/// <summary>The bytes of a ring record, little endian. Extended only at the end; a new meaning is a new ring version.</summary>
internal static class RingRecordLayout
{
    // Field                    Offset                            Bytes
    private const int Sequence = 0;                            // 4
    private const int Probe = Sequence + 4;                    // 2
    private const int Kind = Probe + 2;                        // 1
    private const int Vcpu = Kind + 1;                         // 1
    private const int Guest = Vcpu + 1;                        // 1
    private const int Flags = Guest + 1;                       // 1  bit 0: wake-ups derived, bit 1: after a gap
    private const int WokenCount = Flags + 1;                  // 1
    private const int Zero = WokenCount + 1;                   // 1
    private const int LostBefore = Zero + 1;                   // 4
    private const int HitAt = LostBefore + 4;                  // 8  cycles
    private const int CauseSequence = HitAt + 8;               // 8
    private const int CauseSource = CauseSequence + 8;         // 2
    private const int WokenMore = CauseSource + 2;             // 2
    private const int Pc = WokenMore + 2;                      // 4
    private const int Lr = Pc + 4;                             // 4
    private const int Sp = Lr + 4;                             // 4
    private const int Stack = Sp + 4;                          // 16
    private const int Previous = Stack + (4 * RingRecord.StackWords);
    private const int Next = Previous + TaskSize;
    private const int Woken = Next + TaskSize;
    private const int CauseAt = Woken + (RingRecord.MaxWoken * WokenSize); // 8  cycles
    private const int EnteredAt = CauseAt + 8;                 // 8  cycles
    private const int Function = EnteredAt + 8;                // 4
    private const int End = Function + 4;
    internal const int Size = 512;

    // A task
    private const int TaskTcb = 0;                             // 4
    private const int TaskId = TaskTcb + 4;                    // 4
    private const int TaskPriority = TaskId + 4;               // 4  signed
    private const int TaskState = TaskPriority + 4;            // 4
    private const int TaskStackPointer = TaskState + 4;        // 4
    private const int TaskIdle = TaskStackPointer + 4;         // 1, then 3 of zero
    private const int TaskName = TaskIdle + 4;                 // 16
    private const int TaskSize = TaskName + NameSize;

    // A woken task
    private const int WokenId = 0;                             // 4
    private const int WokenPriority = WokenId + 4;             // 4  signed
    private const int WokenName = WokenPriority + 4;           // 16
    private const int WokenSize = WokenName + NameSize;
    private const int NameSize = 16;
    private const byte DerivedFlag = 1;
    private const byte GapFlag = 2;

    static RingRecordLayout()
    {
        if (Previous != 64 || TaskSize != 40 || WokenSize != 24 || End != 356 || End > Size)
        {
            throw new InvalidOperationException("The ring record's layout does not add up.");
        }
    }

    public static void Encode(RingRecord record, Span<byte> slot)
    {
        if (record.Woken.Count > RingRecord.MaxWoken || record.Stack.Count != RingRecord.StackWords)
        {
            throw new InvalidOperationException($"{record.Woken.Count} woken tasks, {record.Stack.Count} stack words: more than a ring record holds.");
        }

        slot = slot[..Size];
        slot.Clear();
        PutWord(slot, Sequence, record.Sequence);
        BinaryPrimitives.WriteUInt16LittleEndian(slot[Probe..], record.Probe);
        slot[Kind] = record.Kind;
        slot[Vcpu] = record.Vcpu;
        slot[Guest] = record.Guest;
        slot[Flags] = (byte)((record.WakeupsDerived ? DerivedFlag : 0) | (record.AfterGap ? GapFlag : 0));
        slot[WokenCount] = (byte)record.Woken.Count;
        PutWord(slot, LostBefore, record.LostBefore);
        BinaryPrimitives.WriteUInt64LittleEndian(slot[HitAt..], record.HitAt.Cycles);
        BinaryPrimitives.WriteUInt64LittleEndian(slot[CauseSequence..], record.Cause.Sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(slot[CauseAt..], record.Cause.At.Cycles);
        BinaryPrimitives.WriteUInt16LittleEndian(slot[CauseSource..], record.Cause.Source.Value);
        BinaryPrimitives.WriteUInt16LittleEndian(slot[WokenMore..], record.WokenMore);
        BinaryPrimitives.WriteUInt64LittleEndian(slot[EnteredAt..], record.EnteredAt.Cycles);
        PutWord(slot, Function, record.Function);
        PutWord(slot, Pc, record.Pc);
        PutWord(slot, Lr, record.Lr);
        PutWord(slot, Sp, record.Sp);
        for (int i = 0; i < RingRecord.StackWords; i++)
        {
            PutWord(slot, Stack + (4 * i), record.Stack[i]);
        }

        PutTask(slot[Previous..], record.Previous);
        PutTask(slot[Next..], record.Next);
        for (int i = 0; i < record.Woken.Count; i++)
        {
            Span<byte> task = slot[(Woken + (i * WokenSize))..];
            PutWord(task, WokenId, record.Woken[i].Id);
            PutWord(task, WokenPriority, (uint)record.Woken[i].Priority);
            PutName(task[WokenName..], record.Woken[i].Name);
        }
    }

    public static RingRecord Decode(ReadOnlySpan<byte> slot)
    {
        slot = slot[..Size];
        uint[] stack = new uint[RingRecord.StackWords];
        for (int i = 0; i < stack.Length; i++)
        {
            stack[i] = Word(slot, Stack + (4 * i));
        }

        TaskSnapshot[] woken = new TaskSnapshot[Math.Min(slot[WokenCount], (byte)RingRecord.MaxWoken)];
        for (int i = 0; i < woken.Length; i++)
        {
            ReadOnlySpan<byte> task = slot[(Woken + (i * WokenSize))..];
            woken[i] = new TaskSnapshot
            {
                Id = Word(task, WokenId),
                Priority = (int)Word(task, WokenPriority),
                Name = Name(task[WokenName..]),
            };
        }

        VirtualInstant causeAt = new(BinaryPrimitives.ReadUInt64LittleEndian(slot[CauseAt..]));
        SourceId source = new(BinaryPrimitives.ReadUInt16LittleEndian(slot[CauseSource..]));
        return new RingRecord
        {
            Sequence = Word(slot, Sequence),
            Probe = BinaryPrimitives.ReadUInt16LittleEndian(slot[Probe..]),
            Kind = slot[Kind],
            Vcpu = slot[Vcpu],
            Guest = slot[Guest],
            WakeupsDerived = (slot[Flags] & DerivedFlag) != 0,
            AfterGap = (slot[Flags] & GapFlag) != 0,
            LostBefore = Word(slot, LostBefore),
            HitAt = new VirtualInstant(BinaryPrimitives.ReadUInt64LittleEndian(slot[HitAt..])),
            Cause = new Stamp(causeAt, source, BinaryPrimitives.ReadUInt64LittleEndian(slot[CauseSequence..])),
            WokenMore = BinaryPrimitives.ReadUInt16LittleEndian(slot[WokenMore..]),
            EnteredAt = new VirtualInstant(BinaryPrimitives.ReadUInt64LittleEndian(slot[EnteredAt..])),
            Function = Word(slot, Function),
            Pc = Word(slot, Pc),
            Lr = Word(slot, Lr),
            Sp = Word(slot, Sp),
            Stack = stack,
            Previous = Task(slot[Previous..]),
            Next = Task(slot[Next..]),
            Woken = woken,
        };
    }

    /// <summary>The probe of a record, without reading the rest.</summary>
    public static ushort ProbeOf(ReadOnlySpan<byte> slot) => BinaryPrimitives.ReadUInt16LittleEndian(slot[Probe..]);

    /// <summary>The sequence number of a record, without reading the rest.</summary>
    public static uint SequenceOf(ReadOnlySpan<byte> slot) => Word(slot, Sequence);

    private static void PutTask(Span<byte> bytes, TaskSnapshot task)
    {
        PutWord(bytes, TaskTcb, task.Tcb);
        PutWord(bytes, TaskId, task.Id);
        PutWord(bytes, TaskPriority, (uint)task.Priority);
        PutWord(bytes, TaskState, task.State);
        PutWord(bytes, TaskStackPointer, task.StackPointer);
        bytes[TaskIdle] = task.Idle ? (byte)1 : (byte)0;
        PutName(bytes[TaskName..], task.Name);
    }

    private static TaskSnapshot Task(ReadOnlySpan<byte> bytes) => new()
    {
        Tcb = Word(bytes, TaskTcb),
        Id = Word(bytes, TaskId),
        Priority = (int)Word(bytes, TaskPriority),
        State = Word(bytes, TaskState),
        StackPointer = Word(bytes, TaskStackPointer),
        Idle = bytes[TaskIdle] != 0,
        Name = Name(bytes[TaskName..]),
    };

    private static void PutName(Span<byte> bytes, string? name)
    {
        for (int i = 0; i < NameSize && i < (name?.Length ?? 0); i++)
        {
            bytes[i] = Printable(name![i]);
        }
    }

    private static string Name(ReadOnlySpan<byte> bytes)
    {
        Span<char> name = stackalloc char[NameSize];
        int length = 0;
        while (length < NameSize && bytes[length] != 0)
        {
            name[length] = (char)Printable((char)bytes[length]);
            length++;
        }

        return new string(name[..length]);
    }

    private static byte Printable(char c) => c is >= ' ' and <= '~' ? (byte)c : (byte)'?';

    private static void PutWord(Span<byte> bytes, int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes[offset..], value);

    private static uint Word(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);
}
