using System.Text;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Traces.Formats.ConsoleText;

/// <summary>What the guests of a recorded run wrote to their consoles.</summary>
public static class ConsoleLog
{
    private const int LongestLine = 4096;

    /// <summary>Whole lines in the order of the times of their first bytes, those of one instant in the order of the guests; read lazily
    /// in constant memory. A line longer than 4096 bytes comes in pieces.</summary>
    /// <param name="source">The run.</param>
    /// <param name="guest">Which guest's; null for all.</param>
    public static IEnumerable<ConsoleRecord> Read(ITraceSource source, GuestId? guest = null) => Merge(
        [.. Enumerable.Range(0, source.Manifest.Guests.Count)
            .Where(index => guest is not { } wanted || wanted.Index == index)
            .Select(index => Lines(source, new GuestId((byte)index)))]);

    /// <summary>The bytes of a record, as the guest wrote them.</summary>
    public static byte[] Bytes(ConsoleRecord record) => Encoding.Latin1.GetBytes(record.Text);

    /// <summary>A guest's lines: a record holds less than one where the guest left its core within a line.</summary>
    private static IEnumerable<ConsoleRecord> Lines(ITraceSource source, GuestId guest)
    {
        ConsoleRecord? begun = null;
        StringBuilder text = new();
        IEnumerable<CoreId> cores = source.Manifest.Guests[guest.Index].VcpuCores.Distinct();
        foreach (ConsoleRecord piece in Merge([.. cores.Select(core => Pieces(source, guest, core))]))
        {
            begun ??= piece;
            text.Append(piece.Text);
            if (piece.Text.EndsWith('\n') || text.Length >= LongestLine)
            {
                yield return begun with { Text = text.ToString() };
                begun = null;
                text.Clear();
            }
        }

        if (begun is not null)
        {
            yield return begun with { Text = text.ToString() };
        }
    }

    private static IEnumerable<ConsoleRecord> Pieces(ITraceSource source, GuestId guest, CoreId core) =>
        source.ReadStream(StreamNames.Core(core.Index)).OfType<ConsoleRecord>().Where(record => record.Vcpu.Guest == guest);

    /// <summary>Merges streams that are each in the order of time; of one instant the earlier stream's record is first.</summary>
    private static IEnumerable<ConsoleRecord> Merge(IReadOnlyList<IEnumerable<ConsoleRecord>> streams)
    {
        List<IEnumerator<ConsoleRecord>> open = [.. streams.Select(stream => stream.GetEnumerator())];
        try
        {
            open.RemoveAll(stream => !stream.MoveNext());
            while (open.Count > 0)
            {
                IEnumerator<ConsoleRecord> first = open.MinBy(stream => stream.Current.At)!;
                yield return first.Current;
                if (!first.MoveNext())
                {
                    open.Remove(first);
                    first.Dispose();
                }
            }
        }
        finally
        {
            open.ForEach(stream => stream.Dispose());
        }
    }
}
