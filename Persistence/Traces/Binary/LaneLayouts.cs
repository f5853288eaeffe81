using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Traces.Binary;

/// <summary>Layouts of the kinds in a lane of the trace buffer; offsets count from the record's start, behind its header.</summary>
internal static class LaneLayouts
{
    // Every kind begins with
    //  22  8  at
    //  30  8  bufferedAt
    //  38  2  guest, vcpu
    //  40  1  core
    //  41 24  current         task: s32 pid, s32 priority, char[16] comm, NUL-padded
    // and goes on at 65:
    //  Switch (16)       u32 previousState, task next                                93 bytes
    //  Wakeup (17)       task task, u8 derived (0, 1), then u32 target CPU where it is another one
    //  FunctionHit (18)  u32 pc, u32 caller, u32 stackPointer, text symbol, then 4 x u32 stack where one was read
    //  Irq (19)          s32 irq, u8 isEntry (0, 1), text name
    //  Marker (20)       text text
    //  LostRecords (21)  u64 count                                                   73 bytes
    //  FunctionReturn (22)  u32 pc, u32 function, u32 stackPointer, u64 enteredAt (cycles), text symbol
    //  Softirq (23)      u32 vector, u8 phase (0..2)
    //  Ipi (24)          u64 targets, u8 phase (0..2), text reason
    //  CpuIdle (25)      u32 state
    //  Foreign (26)      text system, text name, text text
    // where text is u16 length in bytes, then UTF-8.
    public static void Put(ref LayoutWriter writer, LaneRecord record)
    {
        writer.Instant(record.At);
        writer.Instant(record.BufferedAt);
        writer.Vcpu(record.Vcpu);
        writer.Core(record.Core);
        writer.Task(record.Current);
        switch (record)
        {
            case SwitchRecord change:
                writer.U32(change.PreviousState);
                writer.Task(change.Next);
                break;
            case WakeupRecord wakeup:
                writer.Task(wakeup.Task);
                writer.Flag(wakeup.Derived);
                if (wakeup.TargetCpu is { } target)
                {
                    writer.S32(target);
                }

                break;
            case FunctionHitRecord hit:
                writer.U32(hit.Pc);
                writer.U32(hit.Caller);
                writer.U32(hit.StackPointer);
                writer.Text(hit.Symbol);
                PutStack(ref writer, hit.Stack);
                break;
            case FunctionReturnRecord back:
                writer.U32(back.Pc);
                writer.U32(back.Function);
                writer.U32(back.StackPointer);
                writer.Instant(back.EnteredAt);
                writer.Text(back.Symbol);
                break;
            case IrqRecord irq:
                writer.S32(irq.Irq);
                writer.Flag(irq.IsEntry);
                writer.Text(irq.Name);
                break;
            case MarkerRecord marker:
                writer.Text(marker.Text);
                break;
            case LostRecordsRecord lost:
                writer.U64(lost.Count);
                break;
            case SoftirqRecord softirq:
                writer.U32(softirq.Vector);
                writer.U8((byte)softirq.Phase);
                break;
            case IpiRecord ipi:
                writer.U64(ipi.Targets);
                writer.U8((byte)ipi.Phase);
                writer.Text(ipi.Reason);
                break;
            case CpuIdleRecord idle:
                writer.U32(idle.State);
                break;
            case ForeignRecord foreign:
                writer.Text(foreign.System);
                writer.Text(foreign.Name);
                writer.Text(foreign.Text);
                break;
            default:
                throw new ArgumentException($"{record.GetType().Name} has no layout", nameof(record));
        }
    }

    public static LaneRecord Get(ref LayoutReader reader, Stamp cause, RecordKind kind)
    {
        VirtualInstant at = reader.Instant();
        VirtualInstant bufferedAt = reader.Instant();
        VcpuId vcpu = reader.Vcpu();
        CoreId core = reader.Core();
        TaskReference current = reader.Task();
        switch (kind)
        {
            case RecordKind.Switch:
                uint state = reader.U32();
                return new SwitchRecord(cause, at, bufferedAt, vcpu, core, current, state, reader.Task());
            case RecordKind.Wakeup:
                TaskReference task = reader.Task();
                return new WakeupRecord(cause, at, bufferedAt, vcpu, core, current, task, reader.Flag())
                {
                    TargetCpu = reader.Left < sizeof(int) ? null : reader.S32(),
                };
            case RecordKind.FunctionHit:
                uint pc = reader.U32();
                uint caller = reader.U32();
                uint stackPointer = reader.U32();
                string symbol = reader.Text();
                return new FunctionHitRecord(cause, at, bufferedAt, vcpu, core, current, symbol, pc, caller, stackPointer) { Stack = GetStack(ref reader) };
            case RecordKind.FunctionReturn:
                uint to = reader.U32();
                uint function = reader.U32();
                uint above = reader.U32();
                VirtualInstant enteredAt = reader.Instant();
                return new FunctionReturnRecord(cause, at, bufferedAt, vcpu, core, current, reader.Text(), to, function, above, enteredAt);
            case RecordKind.Irq:
                int irq = reader.S32();
                bool isEntry = reader.Flag();
                return new IrqRecord(cause, at, bufferedAt, vcpu, core, current, irq, reader.Text(), isEntry);
            case RecordKind.Marker:
                return new MarkerRecord(cause, at, bufferedAt, vcpu, core, current, reader.Text());
            case RecordKind.LostRecords:
                return new LostRecordsRecord(cause, at, bufferedAt, vcpu, core, current, reader.U64());
            case RecordKind.Softirq:
                uint vector = reader.U32();
                return new SoftirqRecord(cause, at, bufferedAt, vcpu, core, current, vector, Phase(ref reader));
            case RecordKind.Ipi:
                ulong targets = reader.U64();
                InterruptPhase phase = Phase(ref reader);
                return new IpiRecord(cause, at, bufferedAt, vcpu, core, current, reader.Text(), targets, phase);
            case RecordKind.CpuIdle:
                return new CpuIdleRecord(cause, at, bufferedAt, vcpu, core, current, reader.U32());
            case RecordKind.Foreign:
                string system = reader.Text();
                string name = reader.Text();
                return new ForeignRecord(cause, at, bufferedAt, vcpu, core, current, system, name, reader.Text());
            default:
                throw new ArgumentException($"{kind} is no kind of a lane", nameof(kind));
        }
    }

    private static InterruptPhase Phase(ref LayoutReader reader)
    {
        byte value = reader.U8();
        return value <= (byte)InterruptPhase.Exit
            ? (InterruptPhase)value
            : throw reader.Malformed(reader.Position - 1, $"phase {value} where 0 to 2 is due");
    }

    private static void PutStack(ref LayoutWriter writer, StackTop stack)
    {
        if (stack == default)
        {
            return;
        }

        writer.U32(stack.Word0);
        writer.U32(stack.Word1);
        writer.U32(stack.Word2);
        writer.U32(stack.Word3);
    }

    private static StackTop GetStack(ref LayoutReader reader)
    {
        const int StackBytes = 4 * sizeof(uint);
        return reader.Left < StackBytes ? default : new StackTop(reader.U32(), reader.U32(), reader.U32(), reader.U32());
    }
}
