using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Traces.Binary;

/// <summary>The bytes of a run's manifest: the only content of its stream of inputs (docs/formats/journal.md).</summary>
/// <remarks>
/// <code>
///  u32 magic 'ATRM' (41 54 52 4D), u32 length of the whole, u32 schema version
///  u64 coreHz, u64 timerHz, u32 cyclesPerInstruction, u32 cores (1..256)
///  string name, string scenario
///  u32 guests, each: string name, u32 firstLinuxCpu (0..1023), s32 processId, u32 vCPUs, each: u8 core
///  u32 lanes,  each: u8 guest, u8 vcpu, u8 core, s32 ring
///  u32 files,  each: string path, u32 length, content
///  string importedFrom; only in an imported run
/// </code>
/// string is u32 length in bytes, then UTF-8. Extended only at the end; a reader skips what follows.
/// </remarks>
public static class RunManifestCodec
{
    private const uint Magic = 0x4D525441;

    // A CoreId is a byte.
    private const uint MostCores = 256;
    private const uint LastLinuxCpu = 1023;

    /// <summary>The manifest's bytes.</summary>
    public static byte[] Encode(RunManifest manifest)
    {
        var output = new ArrayBufferWriter<byte>();
        U32(output, Magic);
        U32(output, 0);
        U32(output, (uint)manifest.SchemaVersion);
        U64(output, manifest.Clock.CoreHz);
        U64(output, manifest.Clock.TimerHz);
        U32(output, manifest.Clock.CyclesPerInstruction);
        U32(output, (uint)manifest.Cores);
        Text(output, manifest.Name);
        Text(output, manifest.Scenario);
        U32(output, (uint)manifest.Guests.Count);
        foreach (GuestManifest guest in manifest.Guests)
        {
            Text(output, guest.Name);
            U32(output, (uint)guest.FirstLinuxCpu);
            U32(output, (uint)guest.ProcessId);
            U32(output, (uint)guest.VcpuCores.Count);
            foreach (CoreId core in guest.VcpuCores)
            {
                output.Write([core.Index]);
            }
        }

        U32(output, (uint)manifest.Lanes.Count);
        foreach (LaneManifest lane in manifest.Lanes)
        {
            output.Write([lane.Vcpu.Guest.Index, lane.Vcpu.Index, lane.Core.Index]);
            U32(output, (uint)lane.Ring);
        }

        U32(output, (uint)manifest.Files.Count);
        foreach (InputFile input in manifest.Files)
        {
            Text(output, input.Path);
            U32(output, (uint)input.Content.Length);
            output.Write(input.Content.Span);
        }

        if (manifest.ImportedFrom is { } file)
        {
            Text(output, file);
        }

        byte[] bytes = output.WrittenSpan.ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(sizeof(uint)), (uint)bytes.Length);
        return bytes;
    }

    /// <summary>Reads a manifest.</summary>
    /// <param name="bytes">The whole stream of inputs; not trusted.</param>
    /// <exception cref="JournalFormatException">It is no manifest, is cut off, or was written by a later schema.</exception>
    public static RunManifest Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new LayoutReader(bytes, 0, new NameCache());
        if (reader.U32() != Magic)
        {
            throw reader.Malformed(0, "no manifest of a run");
        }

        uint length = reader.U32();
        if (length != (uint)bytes.Length)
        {
            throw reader.Malformed(sizeof(uint), $"the manifest says it has {length} bytes, it has {bytes.Length}");
        }

        uint version = reader.U32();
        if (version is 0 or > RecordCodec.SchemaVersion)
        {
            throw reader.Malformed(2 * sizeof(uint), $"schema version {version}, this program reads up to {RecordCodec.SchemaVersion}");
        }

        ClockRates clock = Clock(ref reader);
        int cores = (int)ReadBounded(ref reader, 1, MostCores, "cores");
        string name = reader.Text(ReadCount(ref reader, 1));
        string scenario = reader.Text(ReadCount(ref reader, 1));
        GuestManifest[] guests = Guests(ref reader);
        LaneManifest[] lanes = Lanes(ref reader);
        InputFile[] files = Files(ref reader);
        return new RunManifest((int)version, name, clock, cores, guests, lanes, scenario, files)
        {
            ImportedFrom = reader.Left == 0 ? null : reader.Text(ReadCount(ref reader, 1)),
        };
    }

    private static ClockRates Clock(ref LayoutReader reader)
    {
        int start = reader.Position;
        var clock = new ClockRates(reader.U64(), reader.U64(), reader.U32());
        return clock is { CoreHz: > 0, TimerHz: > 0, CyclesPerInstruction: > 0 } ? clock : throw reader.Malformed(start, "a clock rate is 0");
    }

    private static GuestManifest[] Guests(ref LayoutReader reader)
    {
        var guests = new GuestManifest[ReadCount(ref reader, 16)];
        for (int i = 0; i < guests.Length; i++)
        {
            string name = reader.Text(ReadCount(ref reader, 1));
            int firstLinuxCpu = (int)ReadBounded(ref reader, 0, LastLinuxCpu, "first Linux CPU");
            int processId = reader.S32();
            var cores = new CoreId[ReadCount(ref reader, 1)];
            for (int vcpu = 0; vcpu < cores.Length; vcpu++)
            {
                cores[vcpu] = reader.Core();
            }

            guests[i] = new GuestManifest(name, firstLinuxCpu, cores, processId);
        }

        return guests;
    }

    private static LaneManifest[] Lanes(ref LayoutReader reader)
    {
        var lanes = new LaneManifest[ReadCount(ref reader, 7)];
        for (int i = 0; i < lanes.Length; i++)
        {
            VcpuId vcpu = reader.Vcpu();
            CoreId core = reader.Core();
            lanes[i] = new LaneManifest(vcpu, core, reader.S32());
        }

        return lanes;
    }

    private static InputFile[] Files(ref LayoutReader reader)
    {
        var files = new InputFile[ReadCount(ref reader, 8)];
        for (int i = 0; i < files.Length; i++)
        {
            string path = reader.Text(ReadCount(ref reader, 1));
            files[i] = new InputFile(path, reader.Take(ReadCount(ref reader, 1)).ToArray());
        }

        return files;
    }

    /// <summary>A count of things that take at least some bytes each: a count that the rest cannot hold allocates nothing.</summary>
    private static int ReadCount(ref LayoutReader reader, int bytesEach)
    {
        int start = reader.Position;
        uint count = reader.U32();
        return count <= int.MaxValue && (long)count * bytesEach <= reader.Left
            ? (int)count
            : throw reader.Malformed(start, $"a count of {count} does not fit into the {reader.Left} bytes left");
    }

    /// <summary>A number that decides how much a reader allocates.</summary>
    private static uint ReadBounded(ref LayoutReader reader, uint least, uint most, string what)
    {
        int start = reader.Position;
        uint value = reader.U32();
        return value >= least && value <= most ? value : throw reader.Malformed(start, $"{what}: {value}, {least} to {most} are possible");
    }

    private static void U32(ArrayBufferWriter<byte> output, uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(output.GetSpan(sizeof(uint)), value);
        output.Advance(sizeof(uint));
    }

    private static void U64(ArrayBufferWriter<byte> output, ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(output.GetSpan(sizeof(ulong)), value);
        output.Advance(sizeof(ulong));
    }

    private static void Text(ArrayBufferWriter<byte> output, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        U32(output, (uint)bytes.Length);
        output.Write(bytes);
    }
}
