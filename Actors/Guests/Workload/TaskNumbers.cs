namespace ActorTrace.Actors.Guests.Workload;

/// <summary>
/// Gives each task of a guest a number within the guest's range of Linux pids. A kernel's own small number stays as it is; a larger
/// one, or the address of a control block where the kernel numbers none, gets the next free number of the upper half in the order in
/// which the tasks first appear. Where more tasks appear than there are numbers, the one not seen for the longest time gives up its own,
/// as Linux gives a pid to another task later.
/// </summary>
internal sealed class TaskNumbers
{
    /// <summary>Numbers of a guest: 0 to this, exclusive.</summary>
    public const int Range = 1000;

    /// <summary>The kernel's own numbers below this stay as they are.</summary>
    public const int OwnNumbers = 500;

    private readonly Dictionary<uint, LinkedListNode<(uint Id, int Number)>> given = [];
    private readonly LinkedList<(uint Id, int Number)> byUse = [];

    /// <summary>The number of a task.</summary>
    /// <param name="id">What the kernel profile reads as its id.</param>
    public int Of(uint id)
    {
        if (id < OwnNumbers)
        {
            return (int)id;
        }

        if (given.TryGetValue(id, out LinkedListNode<(uint Id, int Number)>? node))
        {
            byUse.Remove(node);
            byUse.AddLast(node);
            return node.Value.Number;
        }

        int number = OwnNumbers + given.Count;
        if (number == Range)
        {
            LinkedListNode<(uint Id, int Number)> oldest = byUse.First!;
            number = oldest.Value.Number;
            given.Remove(oldest.Value.Id);
            byUse.Remove(oldest);
        }

        given[id] = byUse.AddLast((id, number));
        return number;
    }
}
