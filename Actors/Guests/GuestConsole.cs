using System.Text;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Actors.Guests;

/// <summary>Cuts what a guest prints into lines; each becomes a <see cref="ConsoleRecord"/> with the time of its first byte.</summary>
/// <param name="vcpu">The guest's vCPU.</param>
public sealed class GuestConsole(VcpuId vcpu)
{
    private const int LongestLine = 256;
    private readonly StringBuilder line = new();
    private VirtualInstant first;

    /// <summary>Told every byte as it is written, on the thread of the core that writes it; set before the run. It sees the simulation
    /// and has no influence on it.</summary>
    public Action<byte>? Observer { get; set; }

    /// <summary>Takes one byte.</summary>
    /// <param name="value">The byte.</param>
    /// <param name="at">When it was written.</param>
    /// <param name="core">The core that wrote it: the source of the record's stamp.</param>
    /// <returns>The line it completes, or null.</returns>
    public ConsoleRecord? Write(byte value, VirtualInstant at, CoreId core)
    {
        if (line.Length == 0)
        {
            first = at;
        }

        Observer?.Invoke(value);
        line.Append((char)value);
        return value == (byte)'\n' || line.Length >= LongestLine ? Take(core) : null;
    }

    /// <summary>Takes what stands in an unfinished line, or null.</summary>
    public ConsoleRecord? Take(CoreId core)
    {
        if (line.Length == 0)
        {
            return null;
        }

        ConsoleRecord record = new(new Stamp(first, SourceId.Of(core), 0), first, vcpu, line.ToString());
        line.Clear();
        return record;
    }
}
