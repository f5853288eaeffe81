using System.Globalization;
using ActorTrace.Traces.Formats.Reading;

namespace ActorTrace.Traces.Formats.FtraceText.Reading;

/// <summary>ftrace text as the kernel, atrace, systrace and `trace-cmd report -N` write it, also inside of systrace's HTML.</summary>
/// <remarks>What is no event (headers, comments, stack traces, the second line of a marker) is left out.</remarks>
internal sealed class FtraceTextFile(Stream stream) : TraceFile
{
    private static readonly string[] HtmlStarts = ["<!doctype html", "<html"];

    private readonly TextCache _texts = new();
    private readonly List<string> _idle = [];
    private long _line;
    private EventFeed? _feed;
    private int? _cpus;
    private bool _hasHeader;

    /// <inheritdoc/>
    public override string Format => "ftrace text";

    /// <inheritdoc/>
    public override int Cpus
    {
        get
        {
            if (_cpus is null)
            {
                int most = 0;
                ForEach((in FtraceLine line) => most = Math.Max(most, line.Cpu), (cpu, _) => most = Math.Max(most, cpu));
                _cpus = most + 1;
            }

            return _cpus.Value;
        }
    }

    /// <inheritdoc/>
    public override TracePlace Place => TracePlace.Line(_line);

    /// <inheritdoc/>
    public override bool WasMoved => _feed?.WasMoved ?? false;

    private delegate void EventAction(in FtraceLine line);

    /// <summary>Whether a file with these first bytes is a text; whether it holds events is seen when it is read.</summary>
    public static bool Recognizes(ReadOnlySpan<byte> first) => !first.Contains((byte)0);

    /// <inheritdoc/>
    public override TraceFileCounts Send(ITraceEventSink sink, EventTypes types)
    {
        ArgumentNullException.ThrowIfNull(sink);
        ArgumentNullException.ThrowIfNull(types);
        var feed = new EventFeed(sink);
        _feed = feed;
        var named = new TextTypes(types);
        ForEach((in FtraceLine line) => Write(line, feed, named), feed.Lose);
        TraceFileCounts counts = feed.Complete(_line);
        return counts.Events > 0 || _hasHeader ? counts : throw new TraceFileException(null, "no line is an event of ftrace text");
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => stream.Dispose();

    private void ForEach(EventAction onEvent, Action<int, ulong> onLoss)
    {
        stream.Position = 0;
        var lines = new LineReader(stream);
        bool html = false;
        bool inside = true;
        while (lines.TryRead(out ReadOnlySpan<char> line, skipLong: html))
        {
            _line = lines.Number;
            if (_line == 1 && StartsHtml(line))
            {
                (html, inside) = (true, false);
            }

            if (html && (inside ? line.Contains("</script>", StringComparison.Ordinal) : line.Contains("class=\"trace-data\"", StringComparison.Ordinal)))
            {
                inside = !inside;
            }
            else if (!inside || line.StartsWith("#", StringComparison.Ordinal))
            {
                _hasHeader |= inside && line.StartsWith("# tracer:", StringComparison.Ordinal);
            }
            else if (LossLine.TryParse(line, out int cpu, out ulong count))
            {
                onLoss(cpu, count);
            }
            else if (FtraceLine.TryParse(line, out FtraceLine parsed))
            {
                onEvent(parsed);
            }
        }
    }

    private static bool StartsHtml(ReadOnlySpan<char> line)
    {
        foreach (string start in HtmlStarts)
        {
            if (line.TrimStart().StartsWith(start, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private void Write(in FtraceLine line, EventFeed feed, TextTypes types)
    {
        ReadOnlySpan<char> rest = line.Rest;
        int colon = rest.IndexOf(':');
        bool named = colon > 0 && !rest[..colon].Contains(' ');
        if (!named && !rest.Contains(" <-", StringComparison.Ordinal))
        {
            return;
        }

        // What has no name is the function tracer's "function <-caller".
        ReadOnlySpan<char> name = named ? rest[..colon] : "function";
        ReadOnlySpan<char> behind = named ? rest[(colon + 1)..] : rest;
        ReadOnlySpan<char> arguments = behind.TrimStart(' ');
        if (name is EventCatalogue.MarkerFunction && behind.StartsWith(" "))
        {
            // A marker's own blanks stay; in front of the arguments of others trace-cmd has as many as fill its column.
            arguments = behind[1..];
        }
        else if (name is "print" && arguments.StartsWith(EventCatalogue.MarkerFunction + ": ", StringComparison.Ordinal))
        {
            // As `trace-cmd report` shows a marker.
            name = EventCatalogue.MarkerFunction;
            arguments = arguments[(EventCatalogue.MarkerFunction.Length + 2)..];
        }

        if (line.Nanoseconds > long.MaxValue)
        {
            throw new TraceFileException(Place, "the time stamp has more nanoseconds than 63 bits hold");
        }

        EventType type = types.Find(name, arguments, out EventNumbers numbers, out ReadOnlySpan<char> text0, out ReadOnlySpan<char> text1);
        if (ReferenceEquals(type, EventCatalogue.Print))
        {
            numbers[0] = EventMapper.MarkerFunctionAddress;
        }

        feed.Write(new TraceEvent
        {
            Type = type,
            Nanoseconds = feed.Order(line.Nanoseconds),
            Cpu = line.Cpu,
            Pid = line.Pid,
            Comm = line.Pid == 0 ? IdleName(line.Cpu) : _texts.Of(line.Comm),
            Tgid = line.Tgid ?? (line.Pid == 0 ? -1 : line.Pid),
            Numbers = numbers,
            Text0 = _texts.Of(text0),
            Text1 = _texts.Of(text1),
        });
    }

    private string IdleName(int cpu)
    {
        while (_idle.Count <= cpu)
        {
            _idle.Add(string.Create(CultureInfo.InvariantCulture, $"swapper/{_idle.Count}"));
        }

        return _idle[cpu];
    }
}
