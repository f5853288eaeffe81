using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Simulation;

/// <summary>Up to which instant everything is stored: cores send batches, the journal says only how many it has stored.</summary>
internal sealed class StoredMark
{
    private readonly Queue<(long Batches, VirtualInstant Before)> waiting = [];

    /// <summary>Remembers that all records of before an instant are in the first so many batches.</summary>
    public void Add(long batches, VirtualInstant before) => waiting.Enqueue((batches, before));

    /// <summary>The latest instant that is reached now; null where none was.</summary>
    /// <param name="stored">Batches stored since the run began.</param>
    public VirtualInstant? Take(long stored)
    {
        VirtualInstant? reached = null;
        while (waiting.TryPeek(out (long Batches, VirtualInstant Before) next) && next.Batches <= stored)
        {
            reached = waiting.Dequeue().Before;
        }

        return reached;
    }
}
