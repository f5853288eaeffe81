using ActorTrace.Traces.Formats.Reading;

namespace ActorTrace.Traces.Formats.FtraceText.Reading;

/// <summary>Finds the type of an event by its name in the text and by its arguments.</summary>
/// <param name="types">Gets the types that the catalogue does not have.</param>
internal sealed class TextTypes(EventTypes types)
{
    // Names come out of untrusted files: beyond this many they are looked up anew.
    private const int MostNames = 4096;
    private const string ReturnEnd = "_return";

    private static readonly Dictionary<string, EventType> Catalogue = MakeCatalogue();

    // The subsystem does not stand in the text; those of well-known events, by the beginnings of their names.
    private static readonly (string Start, string System)[] Systems =
    [
        ("sched_", "sched"), ("irq_", "irq"), ("softirq_", "irq"), ("tasklet_", "irq"), ("ipi_", "ipi"),
        ("timer_", "timer"), ("hrtimer_", "timer"), ("cpu_idle", "power"), ("cpu_frequency", "power"), ("clock_", "power"),
        ("workqueue_", "workqueue"), ("block_", "block"), ("ext4_", "ext4"), ("mm_", "kmem"), ("kmalloc", "kmem"),
        ("kfree", "kmem"), ("sys_", "syscalls"), ("task_", "task"), ("signal_", "signal"), ("thermal_", "thermal"),
        ("binder_", "binder"), ("kvm_", "kvm"), ("bprint", "ftrace"), ("bputs", "ftrace"),
    ];

    private static readonly ArgumentParser HitArguments = new(EventCatalogue.Hit(0, "hit"));
    private static readonly ArgumentParser ReturnArguments = new(EventCatalogue.Return(0, "hit_return"));

    private readonly Dictionary<string, Known> _names = new(StringComparer.Ordinal);

    /// <summary>What an event is.</summary>
    /// <param name="name">Its name in the text.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="numbers">Its numbers.</param>
    /// <param name="text0">Its first text.</param>
    /// <param name="text1">Its second text.</param>
    public EventType Find(
        ReadOnlySpan<char> name, ReadOnlySpan<char> arguments, out EventNumbers numbers, out ReadOnlySpan<char> text0, out ReadOnlySpan<char> text1)
    {
        numbers = default;
        Known known = Named(name);
        if (known.Arguments is { } parser && parser.TryParse(arguments, ref numbers, out text0, out text1))
        {
            if (known.StaticText is { } field)
            {
                numbers[field.AddressSlot] = types.AddressOf(text0.ToString());
            }

            return known.Type!;
        }

        if (known.Arguments is null && arguments.StartsWith("pc=", StringComparison.Ordinal))
        {
            numbers = default;
            string symbol = known.Name;
            text1 = default;
            text0 = symbol;
            if (HitArguments.TryParse(arguments, ref numbers, out _, out _))
            {
                return types.OfHit(symbol);
            }

            numbers = default;
            if (ReturnArguments.TryParse(arguments, ref numbers, out _, out _))
            {
                symbol = symbol.EndsWith(ReturnEnd, StringComparison.Ordinal) ? symbol[..^ReturnEnd.Length] : symbol;
                text0 = symbol;
                return types.OfReturn(symbol);
            }
        }

        numbers = default;
        text0 = arguments[..Math.Min(arguments.Length, RecordLimits.ForeignCharacters)];
        text1 = default;
        return known.Foreign ??= types.OfForeign(SystemOf(known.Name), known.Name);
    }

    private static Dictionary<string, EventType> MakeCatalogue()
    {
        var catalogue = new Dictionary<string, EventType>(StringComparer.Ordinal);
        foreach (EventType type in EventCatalogue.All)
        {
            catalogue[type.TextName] = type;
        }

        // Old kernels had no symbol for the function that markers come from.
        catalogue["0"] = EventCatalogue.Print;
        return catalogue;
    }

    private Known Named(ReadOnlySpan<char> name)
    {
        if (_names.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out Known? known))
        {
            return known;
        }

        string text = name.ToString();
        EventType? type = Catalogue.GetValueOrDefault(text);
        known = new Known(text, type, type is null ? null : new ArgumentParser(type));
        if (_names.Count < MostNames)
        {
            _names.Add(text, known);
        }

        return known;
    }

    private static string SystemOf(string name)
    {
        foreach ((string start, string system) in Systems)
        {
            if (name.StartsWith(start, StringComparison.Ordinal))
            {
                return system;
            }
        }

        return "imported";
    }

    private sealed class Known(string name, EventType? type, ArgumentParser? arguments)
    {
        public string Name { get; } = name;

        public EventType? Type { get; } = type;

        public ArgumentParser? Arguments { get; } = arguments;

        public EventField? StaticText { get; } = type?.Fields.FirstOrDefault(field => field.Kind == FieldKind.StaticText);

        public EventType? Foreign { get; set; }
    }
}
