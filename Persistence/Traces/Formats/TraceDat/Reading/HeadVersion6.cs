namespace ActorTrace.Traces.Formats.TraceDat.Reading;

/// <summary>Reads the head of a trace.dat of version 6: its parts follow each other in one order (docs/formats/trace-dat.md).</summary>
internal static class HeadVersion6
{
    private const int MarkerBytes = 10;

    /// <summary>Reads it.</summary>
    /// <param name="reader">Behind the page size.</param>
    /// <param name="head">Takes what is found.</param>
    /// <param name="length">Bytes of the file.</param>
    public static void Read(ByteReader reader, FileHead head, long length)
    {
        head.ReadHeaders(reader);
        head.ReadFtraceFormats(reader);
        head.ReadSystems(reader);
        reader.Skip(reader.U32("kallsyms"), "kallsyms");
        head.ReadPrintk(reader);
        head.ReadCommandLines(reader);
        uint cpus = reader.U32("the number of CPUs");
        if (cpus > FileHead.MostCpus)
        {
            throw reader.Bad(reader.Position, $"{cpus} CPUs, at most {FileHead.MostCpus} are read");
        }

        long at = reader.Position;
        string marker = reader.Text(MarkerBytes, MarkerBytes, "the options");
        if (marker is "options  \0")
        {
            ReadOptions(reader, head);
            at = reader.Position;
            marker = reader.Text(MarkerBytes, MarkerBytes, "flyrecord");
        }

        if (marker is not "flyrecord\0")
        {
            throw reader.Bad(at, marker is "latency  \0" ? "a latency trace holds text, no events" : "flyrecord is due here");
        }

        head.Cpus = (int)cpus;
        for (uint cpu = 0; cpu < cpus; cpu++)
        {
            ulong offset = reader.U64("the table of CPUs");
            head.AddRegion(reader, length, cpu, offset, reader.U64("the table of CPUs"));
        }
    }

    private static void ReadOptions(ByteReader reader, FileHead head)
    {
        while (true)
        {
            ushort id = reader.U16("an option");
            if (id == 0)
            {
                return;
            }

            uint size = reader.U32("an option");
            if (size > reader.Left)
            {
                throw reader.Bad(reader.Position, $"option {id} is said to be {size} bytes long, the file has {reader.Left} more");
            }

            head.Options.Read(reader, id, size);
        }
    }
}
