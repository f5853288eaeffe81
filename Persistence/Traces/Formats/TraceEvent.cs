using System.Runtime.CompilerServices;

namespace ActorTrace.Traces.Formats;

/// <summary>The numeric arguments of an event, in the order of the numeric fields of its type.</summary>
[InlineArray(Length)]
public struct EventNumbers
{
    /// <summary>The most numeric fields that a type may have.</summary>
    public const int Length = 8;

    private ulong _first;
}

/// <summary>An event as Linux tools know it: what every format writer is given.</summary>
public readonly struct TraceEvent
{
    private readonly EventNumbers _numbers;

    /// <summary>Its row in the <see cref="EventCatalogue"/>.</summary>
    public required EventType Type { get; init; }

    /// <summary>Nanoseconds since the board was switched on.</summary>
    public required ulong Nanoseconds { get; init; }

    /// <summary>CPU of the view.</summary>
    public required int Cpu { get; init; }

    /// <summary>The task that was current; 0 = idle.</summary>
    public required int Pid { get; init; }

    /// <summary>Its name.</summary>
    public required string Comm { get; init; }

    /// <summary>Its thread group; -1 where there is none (idle).</summary>
    public required int Tgid { get; init; }

    /// <summary>Numeric arguments; signed ones sign-extended to 64 bits.</summary>
    public EventNumbers Numbers
    {
        init => _numbers = value;
    }

    /// <summary>First text argument.</summary>
    public string Text0 { get; init; }

    /// <summary>Second text argument.</summary>
    public string Text1 { get; init; }

    /// <summary>A numeric argument by its place.</summary>
    public ulong Number(int index) => _numbers[index];

    /// <summary>A text argument by its place.</summary>
    public string Text(int index) => (index == 0 ? Text0 : Text1) ?? string.Empty;
}

/// <summary>Takes events in order of time.</summary>
public interface ITraceEventSink
{
    /// <summary>The next event; not earlier than the one before.</summary>
    void Write(in TraceEvent next);

    /// <summary>Events of a CPU are missing before its next event.</summary>
    /// <param name="cpu">The CPU.</param>
    /// <param name="nanoseconds">Time of the next event, or of the end of the run.</param>
    /// <param name="count">How many, at least 1.</param>
    void Lost(int cpu, ulong nanoseconds, ulong count);
}
