using System.Text;

namespace ActorTrace.Traces.Formats;

/// <summary>Reads the text templates of the <see cref="EventCatalogue"/>.</summary>
internal static class EventTextTemplate
{
    private static readonly (string Name, FieldStyle Style)[] Styles =
    [
        ("d", FieldStyle.Decimal),
        ("3", FieldStyle.ThreeDigits),
        ("x", FieldStyle.Hexadecimal),
        ("state", FieldStyle.TaskState),
        ("handled", FieldStyle.Handled),
        ("symbol", FieldStyle.Symbol),
        ("mask", FieldStyle.Bitmask),
    ];

    /// <summary>Splits "a={x} b={y:x}" at its fields.</summary>
    public static TextPiece[] Parse(string template, EventField[] fields)
    {
        var pieces = new List<TextPiece>();
        int position = 0;
        while (position < template.Length)
        {
            int open = template.IndexOf('{', position);
            if (open < 0)
            {
                break;
            }

            int close = template.IndexOf('}', open);
            string[] parts = template[(open + 1)..close].Split(':');
            EventField field = Array.Find(fields, f => string.Equals(f.Name, parts[0], StringComparison.Ordinal))
                ?? throw new ArgumentException($"no field {parts[0]}", nameof(template));
            FieldStyle style = field.IsText ? FieldStyle.Text
                : parts.Length == 1 ? FieldStyle.Decimal
                : Array.Find(Styles, s => string.Equals(s.Name, parts[1], StringComparison.Ordinal)).Style;
            pieces.Add(new TextPiece(Encoding.UTF8.GetBytes(template[position..open]), field, style));
            position = close + 1;
        }

        if (position < template.Length)
        {
            pieces.Add(new TextPiece(Encoding.UTF8.GetBytes(template[position..]), null, FieldStyle.Text));
        }

        return [.. pieces];
    }
}
