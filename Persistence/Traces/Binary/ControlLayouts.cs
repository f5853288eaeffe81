using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Traces.Binary;

/// <summary>Layouts of the kinds in the control stream; offsets count from the record's start, behind its header.</summary>
internal static class ControlLayouts
{
    // Control (32)
    //  22  8  at
    //  30  .  text file, text value, text result     (text: u16 length in bytes, then UTF-8)
    public static void Put(ref LayoutWriter writer, ControlRecord record)
    {
        writer.Instant(record.At);
        writer.Text(record.File);
        writer.Text(record.Value);
        writer.Text(record.Result);
    }

    public static ControlRecord GetControl(ref LayoutReader reader, Stamp cause)
    {
        VirtualInstant at = reader.Instant();
        string file = reader.Text();
        string value = reader.Text();
        return new ControlRecord(cause, at, file, value, reader.Text());
    }

    // ProbeCounts (33)
    //  22  2  probe
    //  24  2  guest, vcpu
    //  26  2  lane
    //  28 56  7 x u64: hits, filtered, inRing, overrun, drained, converted, rejected
    //  84  .  text name, text status
    public static void Put(ref LayoutWriter writer, ProbeCountsRecord record)
    {
        writer.U16(record.Probe);
        writer.Vcpu(record.Vcpu);
        writer.U16(record.Lane);
        writer.U64(record.Hits);
        writer.U64(record.Filtered);
        writer.U64(record.InRing);
        writer.U64(record.Overrun);
        writer.U64(record.Drained);
        writer.U64(record.Converted);
        writer.U64(record.Rejected);
        writer.Text(record.Name);
        writer.Text(record.Status);
    }

    public static ProbeCountsRecord GetProbeCounts(ref LayoutReader reader, Stamp cause)
    {
        ushort probe = reader.U16();
        VcpuId vcpu = reader.Vcpu();
        ushort lane = reader.U16();
        ulong hits = reader.U64();
        ulong filtered = reader.U64();
        ulong inRing = reader.U64();
        ulong overrun = reader.U64();
        ulong drained = reader.U64();
        ulong converted = reader.U64();
        ulong rejected = reader.U64();
        string name = reader.Text();
        return new ProbeCountsRecord(
            cause, probe, vcpu, lane, name, reader.Text(), hits, filtered, inRing, overrun, drained, converted, rejected);
    }

    // RunEnd (34)
    //  22  8  at
    //  30  8  instructions
    //  38  .  text reason
    public static void Put(ref LayoutWriter writer, RunEndRecord record)
    {
        writer.Instant(record.At);
        writer.U64(record.Instructions);
        writer.Text(record.Reason);
    }

    public static RunEndRecord GetRunEnd(ref LayoutReader reader, Stamp cause)
    {
        VirtualInstant at = reader.Instant();
        ulong instructions = reader.U64();
        return new RunEndRecord(cause, at, reader.Text(), instructions);
    }

    // Command (35)
    //  22  .  text file, text value
    public static void Put(ref LayoutWriter writer, CommandRecord record)
    {
        writer.Text(record.File);
        writer.Text(record.Value);
    }

    public static CommandRecord GetCommand(ref LayoutReader reader, Stamp cause)
    {
        string file = reader.Text();
        return new CommandRecord(cause, file, reader.Text());
    }
}
