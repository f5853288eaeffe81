using System.Globalization;
using System.Text;

namespace ActorTrace.Traces.Formats.TraceDat;

/// <summary>Writes a trace.dat of version 6 (docs/formats/trace-dat.md): what trace-cmd, KernelShark and Trace Compass read.</summary>
/// <remarks>
/// The pages of each CPU are spooled to a file of their own beside the result, because the head names tasks and sizes that
/// are known last; memory stays constant. The result appears under its name when it is complete, or not at all.
/// </remarks>
public sealed class TraceDatWriter : ITraceEventSink, IDisposable
{
    private const int MostNames = 1 << 20;

    private readonly AtomicFile _file;
    private readonly CpuPages[] _cpus;
    private readonly ulong _traceId;
    private readonly EventTypes _types;
    private readonly Dictionary<int, string> _names = [];
    private readonly int[] _lastPid;

    /// <summary>Opens the files.</summary>
    /// <param name="path">The result.</param>
    /// <param name="cpus">Number of CPUs, at least 1.</param>
    /// <param name="traceId">Identity of the trace, the same for the same run.</param>
    /// <param name="types">Types of the events, complete when <see cref="Complete"/> is called.</param>
    /// <exception cref="IOException">The folder does not exist or cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    public TraceDatWriter(string path, int cpus, ulong traceId, EventTypes types)
    {
        _types = types;
        _traceId = traceId;
        _lastPid = new int[cpus];
        _cpus = new CpuPages[cpus];
        _file = new AtomicFile(path);
        string folder = Path.GetFullPath(path);
        try
        {
            for (int cpu = 0; cpu < cpus; cpu++)
            {
                // The system deletes a spool when it is closed, also after a failure.
                _cpus[cpu] = new CpuPages(new FileStream(
                    string.Create(CultureInfo.InvariantCulture, $"{folder}.cpu{cpu}.partial"),
                    FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 18, FileOptions.DeleteOnClose));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Write(in TraceEvent next)
    {
        Remember(next);
        Span<byte> space = _cpus[next.Cpu].Add(next.Nanoseconds, EventPayload.Size(next));
        EventPayload.Write(next, space);
    }

    /// <inheritdoc/>
    public void Lost(int cpu, ulong nanoseconds, ulong count) => _cpus[cpu].Lose(count);

    /// <summary>Completes the file and gives it its name.</summary>
    /// <param name="end">Nanoseconds of the end of the run: where a loss that no event follows is shown.</param>
    public void Complete(ulong end)
    {
        foreach (CpuPages cpu in _cpus)
        {
            if (cpu.LostAtEnd)
            {
                MarkLossAtEnd(cpu, end);
            }

            cpu.Flush();
        }

        FileStream output = _file.Stream;
        TraceDatHead.Write(output, "6", _types, _names);
        TraceDatHead.U32(output, (uint)_cpus.Length);
        TraceDatOptions.Write(output, _cpus, _traceId);
        Table(output);
        foreach (CpuPages cpu in _cpus)
        {
            Pad(output);
            cpu.Spool.Position = 0;
            cpu.Spool.CopyTo(output, 1 << 18);
        }

        _file.Commit();
    }

    /// <summary>Deletes whatever is not complete.</summary>
    public void Dispose()
    {
        foreach (CpuPages? cpu in _cpus)
        {
            if (cpu is not null)
            {
                AtomicFile.Abandon(cpu.Spool);
            }
        }

        _file.Dispose();
    }

    /// <summary>Offset and size of each CPU's pages, then the clock's text, which is there because the option is.</summary>
    private void Table(FileStream output)
    {
        const string clock = TraceDatOptions.Clocks;
        TraceDatHead.Name(output, "flyrecord");
        long table = output.Position;
        long offset = Align(table + (2L * sizeof(ulong) * _cpus.Length) + sizeof(ulong) + clock.Length);
        foreach (CpuPages cpu in _cpus)
        {
            TraceDatHead.U64(output, (ulong)offset);
            TraceDatHead.U64(output, (ulong)cpu.Bytes);
            offset += cpu.Bytes;
        }

        TraceDatHead.LongText(output, clock);
    }

    /// <summary>Readers show a loss in front of an event: a loss at the end gets a marker to stand in front of.</summary>
    private static void MarkLossAtEnd(CpuPages cpu, ulong end)
    {
        var numbers = new EventNumbers();
        numbers[0] = EventMapper.MarkerFunctionAddress;
        var marker = new TraceEvent
        {
            Type = EventCatalogue.Print,
            Nanoseconds = Math.Max(end, cpu.Last),
            Cpu = 0,
            Pid = 0,
            Comm = string.Empty,
            Tgid = -1,
            Numbers = numbers,
            Text0 = "end of the run after lost events",
        };
        EventPayload.Write(marker, cpu.Add(marker.Nanoseconds, EventPayload.Size(marker)));
    }

    /// <summary>Collects names for saved_cmdlines: of the task that was current, and of the one that a switch brings.</summary>
    private void Remember(in TraceEvent next)
    {
        if (next.Pid != _lastPid[next.Cpu])
        {
            _lastPid[next.Cpu] = next.Pid;
            Remember(next.Pid, next.Comm);
        }

        if (ReferenceEquals(next.Type, EventCatalogue.SchedSwitch))
        {
            Remember((int)next.Number(3), next.Text1);
        }
    }

    private void Remember(int pid, string comm)
    {
        if (pid != 0 && (_names.Count < MostNames || _names.ContainsKey(pid)))
        {
            Span<byte> plain = stackalloc byte[PlainText.CommBytes];
            _names[pid] = comm.Length == 0 ? "<...>" : Encoding.ASCII.GetString(plain[..PlainText.Write(comm, plain)]);
        }
    }

    private static long Align(long offset) => (offset + CpuPages.PageBytes - 1) / CpuPages.PageBytes * CpuPages.PageBytes;

    private static void Pad(FileStream output)
    {
        long missing = Align(output.Position) - output.Position;
        output.Write(new byte[missing]);
    }
}
