using System.Globalization;
using ActorTrace.Traces.Tests.Formats;
using Assert = Xunit.Assert;

namespace ActorTrace.Traces.Tests.Tools;

/// <summary>A message as protoc --decode shows it.</summary>
internal sealed class ProtoText
{
    private readonly List<(string Name, string Value)> _values = [];
    private readonly List<(string Name, ProtoText Message)> _messages = [];

    public IEnumerable<(string Name, ProtoText Message)> Messages => _messages;

    /// <summary>Decodes a Perfetto trace; fails at a field that the schema does not have.</summary>
    public static ProtoText Trace(string path)
    {
        var root = new ProtoText();
        var open = new Stack<ProtoText>([root]);
        foreach (string line in Tool.LinesOf(path, "protoc", "--decode=perfetto.protos.Trace", "--proto_path=" + Path.Combine(AppContext.BaseDirectory, "Tools"), "perfetto.proto"))
        {
            string text = line.Trim();
            Assert.False(char.IsAsciiDigit(text[0]), "unknown field " + text);
            if (text is "}")
            {
                open.Pop();
            }
            else if (text.EndsWith(" {", StringComparison.Ordinal))
            {
                var inner = new ProtoText();
                open.Peek()._messages.Add((text[..^2], inner));
                open.Push(inner);
            }
            else
            {
                int colon = text.IndexOf(": ", StringComparison.Ordinal);
                open.Peek()._values.Add((text[..colon], text[(colon + 2)..]));
            }
        }

        Assert.Same(root, open.Pop());
        return root;
    }

    public IEnumerable<ProtoText> All(string name) => _messages.Where(m => string.Equals(m.Name, name, StringComparison.Ordinal)).Select(m => m.Message);

    /// <summary>A field's value; null where it is not there.</summary>
    public string? Find(string name) => _values.Find(v => string.Equals(v.Name, name, StringComparison.Ordinal)).Value;

    public string Text(string name) => Plain(name) ?? throw new InvalidOperationException("no field " + name);

    /// <summary>A field's value, of a text without its quotation marks; null where it is not there.</summary>
    public string? Plain(string name)
    {
        // protoc escapes as C does; of printable text only these three.
        string? quoted = Find(name);
        return quoted is not ['"', ..] ? quoted : quoted[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\'", "'", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);
    }

    public ulong Number(string name) => ulong.Parse(Find(name) ?? throw new InvalidOperationException("no field " + name), CultureInfo.InvariantCulture);

    public int Int(string name) => int.Parse(Find(name) ?? throw new InvalidOperationException("no field " + name), CultureInfo.InvariantCulture);
}
