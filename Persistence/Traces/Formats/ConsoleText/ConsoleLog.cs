using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Traces.Formats.ConsoleText;

/// <summary>What the guests of a recorded run wrote to their consoles.</summary>
public static class ConsoleLog
{
    /// <summary>The console records in the order of time, those of one instant in the order of the guests; read lazily in constant
    /// memory.</summary>
    /// <param name="source">The run.</param>
    /// <param name="guest">Which guest's; null for all.</param>
    public static IEnumerable<ConsoleRecord> Read(ITraceSource source, GuestId? guest = null)
    {
        List<IEnumerator<ConsoleRecord>> open = [];
        try
        {
            for (byte index = 0; index < source.Manifest.Guests.Count; index++)
            {
                GuestId id = new(index);
                if (guest is null || guest == id)
                {
                    open.AddRange(source.Manifest.Guests[index].VcpuCores.Distinct().Select(core => Of(source, id, core).GetEnumerator()));
                }
            }

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

    /// <summary>The bytes of a record, as the guest wrote them.</summary>
    public static byte[] Bytes(ConsoleRecord record) => System.Text.Encoding.Latin1.GetBytes(record.Text);

    private static IEnumerable<ConsoleRecord> Of(ITraceSource source, GuestId guest, CoreId core) =>
        source.ReadStream(StreamNames.Core(core.Index)).OfType<ConsoleRecord>().Where(record => record.Vcpu.Guest == guest);
}
