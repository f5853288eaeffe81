using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ActorTrace.Hosting.Yaml;

/// <summary>Reads YAML text into nodes, within bounds: a file may come from anywhere.</summary>
public static class YamlText
{
    /// <summary>The longest text that is read, in characters.</summary>
    public const int MaxLength = 1024 * 1024;

    /// <summary>The deepest nesting that is read.</summary>
    public const int MaxDepth = 32;

    /// <summary>The documents of a text; aliases are refused since a few lines of them stand for gigabytes.</summary>
    /// <param name="file">The file's name for messages.</param>
    /// <param name="text">Its text.</param>
    /// <exception cref="InputException">Not YAML, or beyond the bounds.</exception>
    public static IReadOnlyList<YamlNode> Parse(string file, string text)
    {
        if (text.Length > MaxLength)
        {
            throw new InputException(file, $"the file has {text.Length} characters", "at most 1 MiB is read");
        }

        try
        {
            var parser = new Parser(new StringReader(text));
            var documents = new List<YamlNode>();
            parser.Consume<StreamStart>();
            while (!parser.Accept<StreamEnd>(out _))
            {
                parser.Consume<DocumentStart>();
                documents.Add(ReadNode(parser, file, depth: 1));
                parser.Consume<DocumentEnd>();
            }

            return documents;
        }
        catch (YamlException e)
        {
            // Some inner exceptions of the parser have no place of their own: line 0 would point nowhere.
            var place = new YamlPlace(file, Math.Max(1, e.Start.Line), Math.Max(1, e.Start.Column));
            throw new InputException(place.ToString(), "not valid YAML: " + OneLine(e.Message), "see the line named");
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or FormatException or OverflowException)
        {
            // The parser gives up on some damaged texts with an exception that knows no place.
            throw new InputException(file, "not valid YAML", "look for unclosed quotes or brackets");
        }
    }

    private static YamlNode ReadNode(Parser parser, string file, int depth)
    {
        var place = new YamlPlace(file, parser.Current!.Start.Line, parser.Current.Start.Column);
        if (depth > MaxDepth)
        {
            throw new InputException(place.ToString(), $"nested deeper than {MaxDepth} levels", "flatten it");
        }

        if (parser.TryConsume<Scalar>(out Scalar? scalar))
        {
            return new YamlScalar(place, scalar.Value, scalar.Style == ScalarStyle.Plain);
        }

        if (parser.TryConsume<SequenceStart>(out _))
        {
            var items = new List<YamlNode>();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                items.Add(ReadNode(parser, file, depth + 1));
            }

            return new YamlList(place, items);
        }

        if (parser.TryConsume<MappingStart>(out _))
        {
            return ReadMap(parser, file, depth, place);
        }

        throw new InputException(place.ToString(), "aliases (*name) are not read", "write the value out");
    }

    private static YamlMap ReadMap(Parser parser, string file, int depth, YamlPlace place)
    {
        var entries = new List<(YamlScalar Key, YamlNode Value)>();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            YamlNode key = ReadNode(parser, file, depth + 1);
            if (key is not YamlScalar name)
            {
                throw key.Error($"a key is {key.Kind}", "keys are plain words");
            }

            if (!keys.Add(name.Text))
            {
                throw name.Error($"key '{name.Text}' is there twice", "remove one of them");
            }

            entries.Add((name, ReadNode(parser, file, depth + 1)));
        }

        return new YamlMap(place, entries);
    }

    private static string OneLine(string message)
    {
        // The library's messages may begin with their own place "(Line: 1, Col: 2, Idx: 1) - ...: "
        int end = message.StartsWith("(Line", StringComparison.Ordinal) ? message.IndexOf("): ", StringComparison.Ordinal) : -1;
        string text = end < 0 ? message : message[(end + 3)..];
        return text.ReplaceLineEndings(" ").TrimEnd('.', ' ');
    }
}
