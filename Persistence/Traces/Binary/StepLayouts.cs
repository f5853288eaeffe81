using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Traces.Binary;

/// <summary>Layouts of the kinds in a core's stream; offsets count from the record's start, behind its header.</summary>
internal static class StepLayouts
{
    // Step (1), 63 bytes
    //  22  1  step            StepKind
    //  23  1  category        CostCategory
    //  24  8  start           cycles
    //  32  8  end             cycles, >= start
    //  40  1  core
    //  41  2  guest, vcpu
    //  43  4  pc
    //  47  8  detail
    //  55  8  detail2
    public static void Put(ref LayoutWriter writer, StepRecord record)
    {
        writer.U8((byte)record.Step);
        writer.U8((byte)record.Category);
        writer.Instant(record.Start);
        writer.Instant(record.End);
        writer.Core(record.Core);
        writer.Vcpu(record.Vcpu);
        writer.U32(record.Pc);
        writer.U64(record.Detail);
        writer.U64(record.Detail2);
    }

    public static StepRecord GetStep(ref LayoutReader reader, Stamp cause)
    {
        var step = (StepKind)reader.U8();
        var category = (CostCategory)reader.U8();
        VirtualInstant start = reader.Instant();
        VirtualInstant end = reader.Instant();
        if (end < start)
        {
            throw reader.Malformed(reader.Position - sizeof(ulong), "a step ends before it starts");
        }

        CoreId core = reader.Core();
        VcpuId vcpu = reader.Vcpu();
        uint pc = reader.U32();
        ulong detail = reader.U64();
        return new StepRecord(cause, step, category, start, end, core, vcpu, pc, detail, reader.U64());
    }

    // Console (2)
    //  22  8  at
    //  30  2  guest, vcpu
    //  32  2  n = bytes of text
    //  34  n  text            UTF-8
    public static void Put(ref LayoutWriter writer, ConsoleRecord record)
    {
        writer.Instant(record.At);
        writer.Vcpu(record.Vcpu);
        writer.Text(record.Text);
    }

    public static ConsoleRecord GetConsole(ref LayoutReader reader, Stamp cause)
    {
        VirtualInstant at = reader.Instant();
        VcpuId vcpu = reader.Vcpu();
        return new ConsoleRecord(cause, at, vcpu, reader.Text());
    }

    // GuestState (3)
    //  22  8  at
    //  30  2  guest, vcpu
    //  32  2  n = bytes of state
    //  34  n  state           UTF-8
    //   .  2  m = bytes of reason
    //   .  m  reason          UTF-8
    public static void Put(ref LayoutWriter writer, GuestStateRecord record)
    {
        writer.Instant(record.At);
        writer.Vcpu(record.Vcpu);
        writer.Text(record.State);
        writer.Text(record.Reason);
    }

    public static GuestStateRecord GetGuestState(ref LayoutReader reader, Stamp cause)
    {
        VirtualInstant at = reader.Instant();
        VcpuId vcpu = reader.Vcpu();
        string state = reader.Text();
        return new GuestStateRecord(cause, at, vcpu, state, reader.Text());
    }
}
