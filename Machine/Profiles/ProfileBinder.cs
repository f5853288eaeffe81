using ActorTrace.Machine.Images;

namespace ActorTrace.Machine.Profiles;

/// <summary>Compiles a profile's expressions for an image and checks that each has the kind of value its key
/// needs.</summary>
internal sealed class ProfileBinder
{
    private readonly ElfImage _image;
    private readonly ProfileScope _scope;

    internal ProfileBinder(KernelProfile profile, ElfImage image)
    {
        _image = image;
        _scope = new ProfileScope(image.Types, image.Symbols, profile.Structs, profile.Variables, profile.TaskType);
        if (_scope.TaskPointer.Target.Underlying is not AggregateType)
        {
            throw new ProfileException($"'{profile.TaskType}' is no struct", 0, "taskType");
        }
    }

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

    /// <summary>The ready set's bitmap.</summary>
    internal ProfileExpression ReadyTable(ReadySetLayout layout)
    {
        if (layout.BitsPerEntry is not (8 or 16 or 32))
        {
            throw new ProfileException(
                $"{layout.BitsPerEntry} bits: 8, 16 or 32 are possible", 0, "readySet.bitsPerEntry");
        }

        int most = ReadySet.Capacity / layout.BitsPerEntry;
        if (layout.Entries < 1 || layout.Entries > most)
        {
            throw new ProfileException($"{layout.Entries} entries: 1 to {most} are possible", 0, "readySet.entries");
        }

        return Compile(
            "readySet.table", layout.Table, ProfileVariables.None, e => e.IsAddress, "an array or a pointer");
    }

    internal IReadOnlyList<BoundProbeSet> ProbeSets(KernelProfile profile)
    {
        var bound = new List<BoundProbeSet>();
        foreach (var set in profile.ProbeSets)
        {
            string field = $"probeSets.{set.Name}";
            if (bound.Exists(b => string.Equals(b.Name, set.Name, StringComparison.Ordinal)))
            {
                throw new ProfileException("this probe set is there twice", 0, field);
            }

            bound.Add(new BoundProbeSet(set.Name, [.. set.Points.Select(point => Bind(point, field))]));
        }

        return bound.Exists(b => string.Equals(b.Name, profile.DefaultProbeSet, StringComparison.Ordinal))
            ? bound
            : throw new ProfileException(
                $"there is no probe set '{profile.DefaultProbeSet}'; there is: "
                + string.Join(", ", bound.Select(b => b.Name)),
                0,
                "defaultProbeSet");
    }

    private BoundProbe Bind(ProbePoint point, string field) =>
        _image.Symbols.TryResolve(point.Location, out var address)
            ? new BoundProbe(point.Name, address, point.Kind)
            : throw new ProfileException(
                $"{_image.Name} has no place '{point.Location}': a symbol, symbol+offset or an address is needed",
                0,
                field);

    private ProfileExpression Compile(
        string field, string text, ProfileVariables variables, Predicate<ProfileExpression> fits, string needed)
    {
        ProfileExpression expression;
        try
        {
            expression = ProfileExpression.Compile(text, _scope, variables);
        }
        catch (ProfileException exception)
        {
            throw exception.At(field);
        }

        return fits(expression)
            ? expression
            : throw new ProfileException($"its type is '{expression.Type}'; {needed} is needed", 1, field);
    }
}
