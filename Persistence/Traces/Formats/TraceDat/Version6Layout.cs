namespace ActorTrace.Traces.Formats.TraceDat;

/// <summary>Version 6: everything one behind the other in a fixed order.</summary>
internal sealed class Version6Layout : ITraceDatLayout
{
    private const int CopyBytes = 1 << 18;

    /// <inheritdoc/>
    public void Write(Stream output, TraceDatContent content)
    {
        TraceDatHead.Write(output, content.Types, content.Names);
        TraceDatHead.U32(output, (uint)content.Cpus.Length);
        TraceDatHead.Name(output, "options  ");
        TraceDatOptions.Write(output, content.Options);
        TraceDatHead.U16(output, 0);
        Table(output, content.Cpus);
        foreach (CpuPages cpu in content.Cpus)
        {
            PageAlignment.Pad(output);
            cpu.Spool.Position = 0;
            cpu.Spool.CopyTo(output, CopyBytes);
        }
    }

    /// <summary>Offset and size of each CPU's pages, then the clock's text, which is there because the option is.</summary>
    private static void Table(Stream output, CpuPages[] cpus)
    {
        const string clock = TraceDatOptions.Clocks;
        TraceDatHead.Name(output, "flyrecord");
        long table = output.Position;
        long offset = PageAlignment.Of(table + (2L * sizeof(ulong) * cpus.Length) + sizeof(ulong) + clock.Length);
        foreach (CpuPages cpu in cpus)
        {
            TraceDatHead.U64(output, (ulong)offset);
            TraceDatHead.U64(output, (ulong)cpu.Bytes);
            offset += cpu.Bytes;
        }

        TraceDatHead.LongText(output, clock);
    }
}
