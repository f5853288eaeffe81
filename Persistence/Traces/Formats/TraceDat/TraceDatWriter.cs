using System.Globalization;
using System.Text;

namespace ActorTrace.Traces.Formats.TraceDat;

/// <summary>Writes a trace.dat of either version (docs/formats/trace-dat.md).</summary>
/// <remarks>
/// The pages of each CPU are spooled to a file of their own beside the result, because the head names tasks and sizes that
/// are known last; memory stays constant. The result appears under its name when it is complete, or not at all.
/// </remarks>
internal sealed class TraceDatWriter : ITraceEventSink, IDisposable
{
    private const int MostNames = 1 << 20;

    // KernelShark takes a time of 0 for "no event" and then puts a CPU's events behind those of all others.
    private const ulong FirstTime = 1;

    private readonly AtomicFile _file;
    private readonly CpuPages[] _cpus;
    private readonly ITraceDatLayout _layout;
    private readonly Dictionary<int, string> _names = [];
    private readonly int[] _lastPid;

    /// <summary>Opens the files.</summary>
    /// <param name="path">The result.</param>
    /// <param name="cpus">Number of CPUs, at least 1.</param>
    /// <param name="layout">The version.</param>
    /// <exception cref="IOException">The folder does not exist or cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    public TraceDatWriter(string path, int cpus, ITraceDatLayout layout)
    {
        _layout = layout;
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
        Span<byte> space = _cpus[next.Cpu].Add(Math.Max(next.Nanoseconds, FirstTime), EventPayload.Size(next));
        EventPayload.Write(next, space);
    }

    /// <inheritdoc/>
    public void Lost(int cpu, ulong nanoseconds, ulong count) => _cpus[cpu].Lose(count);

    /// <summary>Completes the file and gives it its name.</summary>
    /// <param name="end">Nanoseconds of the end of the run: where a loss that no event follows is shown.</param>
    /// <param name="types">Types of the events.</param>
    /// <param name="traceId">Identity of the trace, the same for the same run.</param>
    /// <param name="links">Options that tie it to other traces.</param>
    public void Complete(ulong end, EventTypes types, ulong traceId, params IReadOnlyList<TraceDatOption> links)
    {
        foreach (CpuPages cpu in _cpus)
        {
            if (cpu.LostAtEnd)
            {
                // Readers show a loss in front of an event.
                Mark(cpu, Math.Max(end, cpu.Last), "end of the run after lost events");
            }

            cpu.Flush();
        }

        _layout.Write(_file.Stream, new TraceDatContent(_cpus, types, _names, [.. TraceDatOptions.Of(_cpus, traceId), .. links]));
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

    /// <summary>Adds a marker where there is no event at all: KernelShark crashes where a file that is added to another has none.</summary>
    /// <param name="nanoseconds">When the marker is shown.</param>
    public void MarkIfEmpty(ulong nanoseconds)
    {
        if (_cpus.All(cpu => cpu.Entries == 0 && !cpu.LostAtEnd))
        {
            Mark(_cpus[0], nanoseconds, "no events recorded");
        }
    }

    private static void Mark(CpuPages cpu, ulong nanoseconds, string text)
    {
        var numbers = new EventNumbers();
        numbers[0] = EventMapper.MarkerFunctionAddress;
        var marker = new TraceEvent
        {
            Type = EventCatalogue.Print,
            Nanoseconds = Math.Max(nanoseconds, FirstTime),
            Cpu = 0,
            Pid = 0,
            Comm = string.Empty,
            Tgid = -1,
            Numbers = numbers,
            Text0 = text,
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
}
