using System.Globalization;
using ActorTrace.Traces.Events;

namespace ActorTrace.Traces.Formats.TraceDat.Sets;

/// <summary>The names of a set's files.</summary>
internal static class SetNames
{
    /// <summary>The host's file, by which a folder is known as a set.</summary>
    public const string Host = "host.dat";

    /// <summary>
    /// The guests' files: guest-NAME.dat. A journal may come from anywhere: whatever is no letter, digit, '-' or '_' becomes '_',
    /// and a name that was there before gets the guest's number.
    /// </summary>
    public static IReadOnlyList<string> Guests(IReadOnlyList<GuestManifest> guests)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var names = new List<string>();
        for (int i = 0; i < guests.Count; i++)
        {
            string name = Plain(guests[i].Name);
            while (!taken.Add(name))
            {
                name = string.Create(CultureInfo.InvariantCulture, $"{name}_{i}");
            }

            names.Add($"guest-{name}.dat");
        }

        return names;
    }

    /// <summary>A guest's name in letters that a file name and an option may have.</summary>
    public static string Plain(string name)
    {
        const int longest = 40;
        return string.Concat(name.Take(longest).Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '_'));
    }
}
