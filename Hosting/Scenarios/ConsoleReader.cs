using ActorTrace.Hosting.Yaml;
using ActorTrace.Machine.Uart;
using ActorTrace.Machine.Values;

namespace ActorTrace.Hosting.Scenarios;

/// <summary>Reads the key `input` of a guest: what is typed at its console.</summary>
internal static class ConsoleReader
{
    /// <summary>Reads the texts in the order of the file.</summary>
    public static IReadOnlyList<TypedText> Read(MapReader guest, ClockRates clock) => [.. guest.Maps("input").Select(i => ReadText(i, clock))];

    private static TypedText ReadText(MapReader input, ClockRates clock)
    {
        ulong at = input.Time("at")?.ToCycles(clock) ?? 0;
        string after = input.Text("after") ?? "";
        string text = input.RequiredText("text", "e.g. 'text: \"version\\n\"'");
        input.Done();
        if (text.Length == 0 || text.Concat(after).Any(c => c > byte.MaxValue))
        {
            throw input.Error("text", text.Length == 0 ? "nothing is typed" : "a console takes bytes", "characters up to U+00FF");
        }

        return new TypedText(new VirtualInstant(at), after, text);
    }
}
