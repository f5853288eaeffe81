using ActorTrace.Actors.Scenarios;
using ActorTrace.Hosting.Yaml;
using ActorTrace.Machine.Values;

namespace ActorTrace.Hosting.Scenarios;

/// <summary>Reads a scenario: YAML text and the files it names, into a validated <see cref="Scenario"/>.</summary>
public static class ScenarioLoader
{
    private const ulong DefaultSliceNanoseconds = 5_000_000;
    private static readonly string[] ControlKeys = ["at", "file", "value"];

    /// <summary>Reads a scenario file from disk.</summary>
    /// <param name="path">The file.</param>
    /// <param name="changes">What the command line changes.</param>
    /// <exception cref="InputException">It cannot be used.</exception>
    public static Scenario LoadFile(string path, ScenarioChanges changes)
    {
        ReadOnlyMemory<byte> bytes;
        try
        {
            bytes = DiskScenarioFiles.ReadBounded(path, path, YamlText.MaxLength * 4);
        }
        catch (ScenarioFileException e)
        {
            bool absent = !File.Exists(path);
            throw new InputException(path, absent ? "there is no such scenario file" : e.Message, absent ? "give the path of a YAML file, e.g. scenarios/arndale.yaml" : e.Mend);
        }

        return Load(path, changes.AppendTo(Utf8.Decode(path, bytes)), DiskScenarioFiles.Beside(path));
    }

    /// <summary>Reads a scenario from its text.</summary>
    /// <param name="file">Its name in messages.</param>
    /// <param name="text">YAML; a second document holds <see cref="ScenarioChanges"/>.</param>
    /// <param name="files">Gives the files it names.</param>
    /// <exception cref="InputException">It cannot be used.</exception>
    public static Scenario Load(string file, string text, IScenarioFiles files)
    {
        IReadOnlyList<YamlNode> documents = YamlText.Parse(file, text);
        if (documents.Count == 0 || documents[0] is YamlScalar { IsNull: true })
        {
            throw new InputException($"{file}:1:1", "the file is empty", "a scenario begins with 'name: ...'");
        }

        ScenarioChanges changes = ScenarioChanges.Read(documents);
        var root = new MapReader(documents[0], "", new Dictionary<string, YamlPlace>(StringComparer.Ordinal));
        Scenario scenario = Read(root, text, changes, new RecordedFiles(files));
        if (ScenarioRules.Check(scenario) is [{ } first, ..])
        {
            throw new InputException(root.PlaceOf(first.Path).ToString(), first.What, first.Mend);
        }

        return scenario;
    }

    /// <summary>How long a scenario is simulated, without reading the rest of it.</summary>
    /// <param name="text">YAML that was loaded before.</param>
    /// <param name="clock">The board's clocks.</param>
    /// <exception cref="InputException">It is no scenario.</exception>
    public static VirtualInstant DurationOf(string text, ClockRates clock)
    {
        IReadOnlyList<YamlNode> documents = YamlText.Parse("scenario", text);
        var root = new MapReader(documents[0], "", new Dictionary<string, YamlPlace>(StringComparer.Ordinal));
        TimeQuantity duration = ScenarioChanges.Read(documents).Duration is { } other
            ? Quantity.Time(other)!.Value
            : root.Time("duration") ?? throw root.Missing("duration", "e.g. 'duration: 2s'");
        return new VirtualInstant(duration.ToCycles(clock));
    }

    private static Scenario Read(MapReader root, string text, ScenarioChanges changes, RecordedFiles files)
    {
        string name = root.RequiredText("name", "'name: my-scenario'");
        TimeQuantity duration = root.Time("duration") ?? throw root.Missing("duration", "e.g. 'duration: 2s'");
        BoardSpec board = root.Map("board") is { } map ? BoardReader.Read(map) : throw root.Missing("board", "e.g. 'board: {preset: arndale}'");
        (bool hypervisor, ulong slice) = ReadHypervisor(root, board.Clock);
        TraceSpec trace = ReadTrace(root.Map("trace"));
        ControlWrite[] control = ReadControls(root, board.Clock);
        MapReader[] guests = [.. root.Maps("guests")];
        if (guests.Length == 0)
        {
            throw root.Missing("guests", "a list of guests");
        }

        // Nothing of the simulation depends on them; a mistake is to be told before the run.
        _ = Deadlines.Read(root);
        root.Done();
        if (changes.Duration is { } other)
        {
            duration = Quantity.Time(other)!.Value;
        }

        IReadOnlyList<GuestSpec> specs = PidBases.Assign([.. guests.Select(g => GuestReader.Read(g, board.Clock, files))]);
        return new Scenario
        {
            Name = name,
            Duration = new VirtualInstant(duration.ToCycles(board.Clock)),
            Board = board,
            Hypervisor = hypervisor,
            SliceCycles = slice,
            Guests = specs,
            Control = changes.NoTrace ? [] : control,
            Trace = trace,
            SourceText = text,
            Files = files.Files,
        };
    }

    private static (bool Hypervisor, ulong Slice) ReadHypervisor(MapReader root, ClockRates clock)
    {
        ulong slice = clock.FromNanoseconds(DefaultSliceNanoseconds).Cycles;
        switch (root.Node("hypervisor"))
        {
            case null:
                return (true, slice);
            case YamlScalar { Text: "none" }:
                return (false, slice);
            case YamlMap:
                MapReader map = root.Map("hypervisor")!;
                slice = map.Time("slice")?.ToCycles(clock) ?? slice;
                map.Done();
                return (true, slice);
            case YamlNode other:
                throw other.Error("this is no value for 'hypervisor'", "none, or a mapping, e.g. {slice: 5ms}");
        }
    }

    private static TraceSpec ReadTrace(MapReader? trace)
    {
        if (trace is null)
        {
            return new TraceSpec(1024);
        }

        ulong slots = trace.Value<ulong>("ringSlots", t => Quantity.Integer(t) is { } n and >= 4 and <= 65536 && ulong.IsPow2(n) ? n : null, "a power of two from 4 to 65536") ?? 1024;
        trace.Done();
        return new TraceSpec((int)slots);
    }

    /// <summary>Reads the writes in the order of their times, and files their places under that order, as the rules count them.</summary>
    private static ControlWrite[] ReadControls(MapReader root, ClockRates clock)
    {
        (ControlWrite Write, YamlPlace[] Places)[] writes =
        [
            .. root.Maps("control")
                .Select(w => (Write: ReadControl(w, clock), Places: ControlKeys.Select(k => w.Places[w.PathOf(k)]).ToArray()))
                .OrderBy(w => w.Write.At),
        ];
        for (int i = 0; i < writes.Length; i++)
        {
            for (int k = 0; k < ControlKeys.Length; k++)
            {
                root.Places[$"control[{i}].{ControlKeys[k]}"] = writes[i].Places[k];
            }
        }

        return [.. writes.Select(w => w.Write)];
    }

    private static ControlWrite ReadControl(MapReader write, ClockRates clock)
    {
        TimeQuantity at = write.Time("at") ?? throw write.Missing("at", "e.g. 'at: 50ms'");
        string file = write.RequiredText("file", "e.g. 'file: trace/enable'");
        string value = write.RequiredText("value", "e.g. 'value: 1'");
        write.Done();
        return new ControlWrite(new VirtualInstant(at.ToCycles(clock)), file, value);
    }

}
