using ActorTrace.Traces.Events;
using ActorTrace.Traces.Formats.FtraceText.Reading;

namespace ActorTrace.Traces.Formats;

/// <summary>Events that a journal keeps as text: those of the catalogue come back as they were, others as events whose only field is the text.</summary>
internal sealed class ForeignMapper(EventSender sender)
{
    private readonly Dictionary<EventType, ArgumentParser> _parsers = [];

    /// <summary>Maps a record.</summary>
    public void Map(int cpu, ulong at, ForeignRecord record)
    {
        var numbers = new EventNumbers();
        if (EventCatalogue.Find(record.System, record.Name) is { } type
            && ParserOf(type).TryParse(record.Text, ref numbers, out ReadOnlySpan<char> text0, out ReadOnlySpan<char> text1))
        {
            string first = text0.ToString();
            if (type.Fields.FirstOrDefault(field => field.Kind == FieldKind.StaticText) is { } field)
            {
                numbers[field.AddressSlot] = sender.Types.AddressOf(first);
            }

            sender.Send(sender.Begin(type, cpu, at, record.Vcpu, record.Current) with { Numbers = numbers, Text0 = first, Text1 = text1.ToString() });
            return;
        }

        EventType foreign = sender.Types.OfForeign(record.System, record.Name);
        sender.Send(sender.Begin(foreign, cpu, at, record.Vcpu, record.Current) with { Text0 = record.Text });
    }

    private ArgumentParser ParserOf(EventType type)
    {
        if (!_parsers.TryGetValue(type, out ArgumentParser? parser))
        {
            _parsers.Add(type, parser = new ArgumentParser(type));
        }

        return parser;
    }
}
