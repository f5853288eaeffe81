using System.Globalization;
using ActorTrace.Hosting.Yaml;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Formats.ConsoleText;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Hosting.Cli;

/// <summary>`replay --to console`: what the guests of a recorded run wrote.</summary>
/// <param name="Guest">Which guest's output; null for all.</param>
/// <param name="Timestamps">True where each line begins with the time of its first byte.</param>
internal sealed record ConsoleReplay(string? Guest, bool Timestamps)
{
    /// <summary>Prints it.</summary>
    public void Print(ITraceSource source, TextWriter output)
    {
        GuestId? wanted = Find(source.Manifest);
        bool named = wanted is null && source.Manifest.Guests.Count > 1;
        var printer = new ConsolePrinter(output);
        foreach (ConsoleRecord record in ConsoleLog.Read(source, wanted))
        {
            string time = Timestamps ? $"[{Time(source.Manifest.Clock.ToNanoseconds(record.At))}] " : "";
            string name = named ? source.Manifest.Guests[record.Vcpu.Guest.Index].Name + ": " : "";
            printer.Write(record.Vcpu.Guest, ConsoleLog.Bytes(record), time + name);
        }

        printer.EndLine();
    }

    /// <summary>Writes it into a file: the guest's bytes, or lines with their times.</summary>
    /// <exception cref="InputException">Several guests wrote and none is named.</exception>
    public void Save(ITraceSource source, string path)
    {
        GuestId? wanted = Find(source.Manifest);
        if (!Timestamps && wanted is null && source.Manifest.Guests.Count > 1)
        {
            throw new InputException(
                "--guest", "a file with the bytes of several guests would mix them",
                "name one: " + string.Join(", ", source.Manifest.Guests.Select(g => g.Name)));
        }

        using var file = new AtomicFile(path);
        if (Timestamps)
        {
            using var text = new StreamWriter(file.Stream, leaveOpen: true) { NewLine = "\n" };
            Print(source, text);
        }
        else
        {
            foreach (ConsoleRecord record in ConsoleLog.Read(source, wanted))
            {
                file.Stream.Write(ConsoleLog.Bytes(record));
            }
        }

        file.Commit();
    }

    /// <summary>The error that a guest is not there.</summary>
    public static InputException NoSuchGuest(string option, string name, IReadOnlyCollection<string> names)
    {
        string meant = Suggestion.Nearest(name, names) is { } near ? $"did you mean '{near}'? " : "";
        return new InputException(option, $"there is no guest '{name}'", $"{meant}guests: {string.Join(", ", names)}");
    }

    private GuestId? Find(RunManifest manifest)
    {
        if (Guest is null)
        {
            return null;
        }

        string[] names = [.. manifest.Guests.Select(g => g.Name)];
        int index = Array.IndexOf(names, Guest);
        return index >= 0 ? new GuestId((byte)index) : throw NoSuchGuest("--guest", Guest, names);
    }

    private static string Time(ulong nanoseconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1_000_000_000,5}.{nanoseconds % 1_000_000_000:d9}");
}
