using System.Globalization;
using System.Text;
using ActorTrace.Traces.Formats;

namespace ActorTrace.Traces.Tests.Formats.Reading;

/// <summary>Keeps events as text: every field of the type, by name.</summary>
internal sealed class EventList(bool withTgid = false, bool microseconds = false) : ITraceEventSink
{
    private readonly List<(ulong At, int Cpu, string Text)> _events = [];

    /// <summary>Events and losses in the order they came.</summary>
    public IEnumerable<string> InOrder => _events.Select(e => e.Text);

    /// <summary>Events and losses by time and CPU: the order that a file of several CPUs keeps.</summary>
    public string[] ByTimeAndCpu => [.. _events.OrderBy(e => e.At).ThenBy(e => e.Cpu).Select(e => e.Text)];

    public void Write(in TraceEvent next)
    {
        var text = new StringBuilder();
        ulong at = Shown(next.Nanoseconds);
        text.Append(CultureInfo.InvariantCulture, $"{at} cpu={next.Cpu} {next.Comm}-{next.Pid}");
        if (withTgid)
        {
            text.Append(CultureInfo.InvariantCulture, $" tgid={next.Tgid}");
        }

        text.Append(CultureInfo.InvariantCulture, $" {next.Type.System}:{next.Type.Name}");
        foreach (EventField field in next.Type.Fields)
        {
            string value = field.IsText ? next.Text(field.Slot) : next.Number(field.Slot).ToString(CultureInfo.InvariantCulture);
            text.Append(CultureInfo.InvariantCulture, $" {field.Name}={value}");
        }

        _events.Add((at, next.Cpu, text.ToString()));
    }

    public void Lost(int cpu, ulong nanoseconds, ulong count)
    {
        ulong at = Shown(nanoseconds);
        _events.Add((at, cpu, string.Create(CultureInfo.InvariantCulture, $"{at} cpu={cpu} lost {count}")));
    }

    // A trace.dat has what happened at 0 ns at 1 ns.
    private ulong Shown(ulong nanoseconds) => microseconds ? nanoseconds / 1000 * 1000 : Math.Max(nanoseconds, 1);
}
