namespace ActorTrace.Hosting.Yaml;

/// <summary>Finds what the user probably meant.</summary>
public static class Suggestion
{
    private const int LongestWord = 64;

    /// <summary>"did you mean 'x'?" for the nearest candidate, else the list of what is possible.</summary>
    /// <param name="word">What was written.</param>
    /// <param name="candidates">What is possible, in the order to list it.</param>
    public static string For(string word, IReadOnlyCollection<string> candidates)
    {
        string? nearest = Nearest(word, candidates);
        return nearest is not null ? $"did you mean '{nearest}'?"
            : candidates.Count == 0 ? "there is none"
            : "possible: " + string.Join(", ", candidates.Take(12)) + (candidates.Count > 12 ? ", ..." : "");
    }

    /// <summary>The candidate with the smallest edit distance, if that is small for the word's length; the first of equals.</summary>
    public static string? Nearest(string word, IEnumerable<string> candidates)
    {
        if (word.Length is 0 or > LongestWord)
        {
            return null;
        }

        string? best = null;
        int bestDistance = (word.Length <= 2 ? 1 : Math.Max(2, word.Length / 3)) + 1;
        foreach (string candidate in candidates.Where(c => c.Length <= LongestWord))
        {
            int distance = Distance(word, candidate);
            if (distance < bestDistance)
            {
                (best, bestDistance) = (candidate, distance);
            }
        }

        return best;
    }

    /// <summary>Edit distance where an exchange of two neighbours counts one (optimal string alignment), letter case ignored.</summary>
    public static int Distance(string a, string b)
    {
        int[,] d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                d[i, j] = i == 0 ? j : j == 0 ? i : Step(i, j);
            }
        }

        return d[a.Length, b.Length];

        int Step(int i, int j)
        {
            int replace = d[i - 1, j - 1] + (Same(a[i - 1], b[j - 1]) ? 0 : 1);
            int best = Math.Min(replace, Math.Min(d[i - 1, j], d[i, j - 1]) + 1);
            bool swapped = i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]);
            return swapped ? Math.Min(best, d[i - 2, j - 2] + 1) : best;
        }

        static bool Same(char x, char y) => char.ToUpperInvariant(x) == char.ToUpperInvariant(y);
    }
}
