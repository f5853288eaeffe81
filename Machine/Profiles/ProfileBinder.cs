using ActorTrace.Machine.Images;

namespace ActorTrace.Machine.Profiles;

/// <summary>Compiles a profile's expressions for an image and checks that each has the kind of value its key
/// needs. What does not fit is collected: a user wants to see everything that is missing at once.</summary>
internal sealed class ProfileBinder
{
    private readonly ElfImage _image;
    private readonly ProfileScope _scope;
    private readonly List<ProfileException> _problems = [];
    private readonly List<ProfileField> _fields = [];
    private readonly ProfileExpression _absent;
    private bool _hasTaskType = true;

    internal ProfileBinder(KernelProfile profile, ElfImage image)
    {
        Profile = profile;
        _image = image;
        _scope = Scope(profile, image);
        _absent = ProfileExpression.Compile("0", _scope);
        if (_problems.Count == 0 && _scope.TaskPointer.Target.Underlying is not AggregateType)
        {
            _problems.Add(new ProfileException($"'{profile.TaskType}' is no struct", 0, "taskType"));
        }
    }

    internal KernelProfile Profile { get; }

    internal IReadOnlyList<ProfileException> Problems => _problems;

    internal IReadOnlyList<ProfileField> Fields => _fields;

    internal IReadOnlyList<ProfileUse> Uses => [.. _scope.Uses.DistinctBy(u => (u.Kind, u.Name))];

    /// <summary>A pointer, an array, or a number that is an address.</summary>
    internal ProfileExpression Address(
        string field, string text, ProfileVariables variables = ProfileVariables.None) =>
        Compile(field, text, variables, e => e.IsAddress || e.IsInteger, "an address");

    /// <summary>A number.</summary>
    internal ProfileExpression Number(string field, string text, ProfileVariables variables) =>
        Compile(field, text, variables, e => e.IsInteger, "a number");

    /// <summary>A number or an address.</summary>
    internal ProfileExpression Scalar(string field, string text, ProfileVariables variables) =>
        Compile(field, text, variables, e => e.IsInteger || e.IsAddress, "a number or an address");

    /// <summary>A name.</summary>
    internal ProfileExpression Text(string field, string text) =>
        Compile(field, text, ProfileVariables.Task, e => e.IsText, "an array of char or a pointer to char");

    internal ReadySetReader? ReadySet() => Profile.ReadySet switch
    {
        ReadyBitmap bitmap => Bitmap(bitmap),
        ReadyLists lists => Lists(lists),
        _ => null,
    };

    internal IReadOnlyList<BoundProbeSet> ProbeSets()
    {
        var bound = new List<BoundProbeSet>();
        foreach (var set in Profile.ProbeSets)
        {
            string field = $"probeSets.{set.Name}";
            if (bound.Exists(b => string.Equals(b.Name, set.Name, StringComparison.Ordinal)))
            {
                _problems.Add(new ProfileException("this probe set is there twice", 0, field));
            }

            bound.Add(new BoundProbeSet(
                set.Name, [.. set.Points.Select((p, i) => Bind(p, $"{field}[{i}]")).OfType<BoundProbe>()]));
        }

        if (!bound.Exists(b => string.Equals(b.Name, Profile.DefaultProbeSet, StringComparison.Ordinal)))
        {
            _problems.Add(new ProfileException(
                $"there is no probe set '{Profile.DefaultProbeSet}'; there is: "
                + string.Join(", ", bound.Select(b => b.Name)),
                0,
                "defaultProbeSet"));
        }

        return bound;
    }

    private ProfileScope Scope(KernelProfile profile, ElfImage image)
    {
        try
        {
            return new ProfileScope(image.Types, image.Symbols, profile.Structs, profile.Variables, profile.TaskType);
        }
        catch (ProfileException exception)
        {
            _problems.Add(exception);
            _hasTaskType = false;
            return new ProfileScope(image.Types, image.Symbols);
        }
    }

    private ReadyBitmapReader? Bitmap(ReadyBitmap layout)
    {
        var table = Compile(
            "readySet.table", layout.Table, ProfileVariables.None, e => e.IsAddress, "an array or a pointer");
        var taskOf = Address("readySet.taskOf", layout.TaskOf, ProfileVariables.Priority);
        var element = table.Type.Underlying switch
        {
            ArrayType array => array.Element,
            PointerType pointer => pointer.Target,
            _ => VoidType.Instance,
        };
        int bits = layout.BitsPerEntry ?? (int)Math.Min(element.Size * 8L, int.MaxValue);
        int entries = layout.Entries
            ?? (table.Type.Underlying is ArrayType { Count: <= Profiles.ReadySet.Capacity } known ? (int)known.Count : 0);
        if (table == _absent)
        {
            return null;
        }

        if (bits is not (8 or 16 or 32))
        {
            _problems.Add(new ProfileException($"{bits} bits: 8, 16 or 32 are possible", 0, "readySet.bitsPerEntry"));
            return null;
        }

        int most = Profiles.ReadySet.Capacity / bits;
        if (entries < 1 || entries > most)
        {
            _problems.Add(new ProfileException(
                $"{entries} entries: 1 to {most} are possible", 0, "readySet.entries"));
            return null;
        }

        return new ReadyBitmapReader(table, entries, bits, layout.MostSignificantFirst, taskOf);
    }

    private ReadyListsReader? Lists(ReadyLists layout)
    {
        const ProfileVariables ofList = ProfileVariables.List;
        const ProfileVariables ofItem = ProfileVariables.List | ProfileVariables.Item;
        var lists = Compile(
            "readySet.lists", () => ProfileExpression.CompilePlace(layout.Lists, _scope), _ => true, "a list");
        var (element, count) = lists.Type.Underlying is ArrayType array ? (array.Element, array.Count) : (lists.Type, 1);
        if (lists == _absent)
        {
            return null;
        }

        if (element.Size == 0 || count is 0 or > ReadyListsReader.MaxLists)
        {
            _problems.Add(new ProfileException(
                $"its type is '{lists.Type}'; an array of 1 to {ReadyListsReader.MaxLists} lists is needed",
                1,
                "readySet.lists"));
            return null;
        }

        _scope.ListPointer = new PointerType(element);
        var first = Compile("readySet.first", layout.First, ofList, e => e.IsAddress, "a pointer to an item");
        _scope.ItemPointer = first.Type.Underlying is ArrayType items ? new PointerType(items.Element) : first.Type;
        return new ReadyListsReader(new ReadyListsReader.Layout(
            lists,
            (int)count,
            element.Size,
            first,
            layout.End is { } end ? Scalar("readySet.end", end, ofItem) : null,
            Address("readySet.next", layout.Next, ofItem),
            Address("readySet.task", layout.Task, ofItem)));
    }

    /// <summary>The first of the alternatives that has a place.</summary>
    private BoundProbe? Bind(ProbePoint point, string field)
    {
        string? missing = null;
        string[] alternatives = point.Location.Split("??", StringSplitOptions.TrimEntries);
        foreach (string location in alternatives)
        {
            string? problem = CodePlace.TryFind(_image, location, out var place);
            if (problem is null)
            {
                return new BoundProbe(point.Name, place.Address, point.Kind, point.Moment, place.Encoding);
            }

            missing ??= problem;
        }

        _problems.Add(new ProfileException(missing ?? "", 0, field)
        {
            MissingName = alternatives[0].Split('+')[0],
            Candidates = _image.Symbols.All.Where(s => s.Kind != ElfSymbolKind.Object).Select(s => s.Name),
        });
        return null;
    }

    /// <summary>Compiles an expression; what does not fit becomes a problem, and 0 stands for it.</summary>
    private ProfileExpression Compile(
        string field, string text, ProfileVariables variables, Predicate<ProfileExpression> fits, string needed) =>
        !_hasTaskType && variables.HasFlag(ProfileVariables.Task)
            ? _absent // The one mistake, not one for each key that follows from it.
            : Compile(field, () => ProfileExpression.Compile(text, _scope, variables), fits, needed);

    private ProfileExpression Compile(
        string field, Func<ProfileExpression> compile, Predicate<ProfileExpression> fits, string needed)
    {
        try
        {
            var expression = compile();
            if (fits(expression))
            {
                _fields.Add(new ProfileField(field, expression.Text, $"{expression.Type}"));
                return expression;
            }

            _problems.Add(
                new ProfileException($"its type is '{expression.Type}'; {needed} is needed", 1, field));
        }
        catch (ProfileException exception)
        {
            _problems.Add(exception.At(field));
        }

        return _absent;
    }
}
