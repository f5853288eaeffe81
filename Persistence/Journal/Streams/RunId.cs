using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ActorTrace.Journal.Streams;

/// <summary>Names a run in its journal: the first 8 hexadecimal digits of its inputs' SHA-256, then a counter.</summary>
/// <param name="Inputs">The first 4 bytes of the SHA-256 over the inputs stream, as a big-endian number.</param>
/// <param name="Ordinal">Counts the runs of a journal with the same <paramref name="Inputs"/>, from 1.</param>
public readonly record struct RunId(uint Inputs, int Ordinal)
{
    private const int Digits = 8;

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out RunId id)
    {
        id = default;
        if (text.Length < Digits + 2 || text[Digits] != '-' || text[Digits + 1] == '0' || text[..Digits].ContainsAnyInRange('A', 'F')
            || !uint.TryParse(text[..Digits], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint inputs)
            || !int.TryParse(text[(Digits + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int ordinal))
        {
            return false;
        }

        id = new RunId(inputs, ordinal);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Inputs:x8}-{Ordinal}");
}

/// <summary>A stream of a run.</summary>
/// <param name="Run">The run.</param>
/// <param name="Name">The stream's name without the run (<see cref="Traces.Binary.StreamNames"/>).</param>
public sealed record StreamId(RunId Run, string Name)
{
    private const string Prefix = "run-";

    /// <summary>The persistence id: run-{id}-{name}.</summary>
    public string PersistenceId => $"{Prefix}{Run}-{Name}";

    /// <summary>Reads a persistence id.</summary>
    /// <returns>False where it is none of ours.</returns>
    public static bool TryParse(string persistenceId, [NotNullWhen(true)] out StreamId? id)
    {
        ArgumentNullException.ThrowIfNull(persistenceId);
        id = null;
        if (!persistenceId.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        // The run's own dash is the first one behind the prefix; the name follows the second one.
        int dash = persistenceId.IndexOf('-', Prefix.Length);
        int end = dash < 0 ? -1 : persistenceId.IndexOf('-', dash + 1);
        if (end < 0 || end + 1 == persistenceId.Length || !RunId.TryParse(persistenceId.AsSpan(Prefix.Length, end - Prefix.Length), out RunId run))
        {
            return false;
        }

        id = new StreamId(run, persistenceId[(end + 1)..]);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => PersistenceId;
}
