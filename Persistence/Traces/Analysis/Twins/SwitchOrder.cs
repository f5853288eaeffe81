namespace ActorTrace.Traces.Analysis.Twins;

/// <summary>How the order in which tasks got the CPU differs between twins, over the jobs that both completed.</summary>
/// <param name="Compared">Stretches of CPU time that both have.</param>
/// <param name="Moved">Of these, the fewest that would have to be put elsewhere to get from one order to the other.</param>
/// <param name="OnlyUntraced">Stretches that only the untraced twin has: preemptions that tracing spared.</param>
/// <param name="OnlyTraced">Stretches that only the traced twin has: preemptions that tracing brought.</param>
public sealed record SwitchOrder(int Compared, int Moved, int OnlyUntraced, int OnlyTraced)
{
    /// <summary>Compares the histories of a vCPU.</summary>
    public static SwitchOrder Compare(GuestHistory untraced, GuestHistory traced)
    {
        Dictionary<int, int> common = untraced.Tasks.Join(
            traced.Tasks, task => task.Pid, task => task.Pid, (off, on) => (off.Pid, Jobs: Math.Min(off.Jobs.Count, on.Jobs.Count)))
            .ToDictionary(pair => pair.Pid, pair => pair.Jobs);
        TaskPiece[] first = [.. untraced.Pieces.Where(IsCommon)];
        Dictionary<TaskPiece, int> places = [];
        foreach (TaskPiece piece in traced.Pieces.Where(IsCommon))
        {
            places.Add(piece, places.Count);
        }

        int[] order = [.. first.Where(places.ContainsKey).Select(piece => places[piece])];
        return new SwitchOrder(order.Length, order.Length - LongestAscending(order), first.Length - order.Length, places.Count - order.Length);

        bool IsCommon(TaskPiece piece) => piece.Job < common.GetValueOrDefault(piece.Pid);
    }

    /// <summary>The length of the longest ascending subsequence: what can stay where it is.</summary>
    internal static int LongestAscending(IReadOnlyList<int> values)
    {
        // tails[k] is the smallest value that ends an ascending subsequence of length k + 1.
        var tails = new List<int>();
        foreach (int value in values)
        {
            int place = tails.BinarySearch(value);
            place = place < 0 ? ~place : place;
            if (place == tails.Count)
            {
                tails.Add(value);
            }
            else
            {
                tails[place] = value;
            }
        }

        return tails.Count;
    }
}
