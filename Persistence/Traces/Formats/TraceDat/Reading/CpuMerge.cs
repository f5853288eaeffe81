using System.Diagnostics.CodeAnalysis;

namespace ActorTrace.Traces.Formats.TraceDat.Reading;

/// <summary>Brings the events of all CPUs into one order of time: a heap of the CPUs by the time of their next event.</summary>
/// <remarks>At the same time the lower CPU is first.</remarks>
internal sealed class CpuMerge
{
    private readonly List<(int Cpu, PageReader Pages)> _heap = [];
    private bool _taken;

    /// <summary>Adds a CPU.</summary>
    public void Add(int cpu, PageReader pages)
    {
        if (!pages.MoveNext())
        {
            return;
        }

        _heap.Add((cpu, pages));
        for (int at = _heap.Count - 1; at > 0 && Before(at, (at - 1) / 2); at = (at - 1) / 2)
        {
            Swap(at, (at - 1) / 2);
        }
    }

    /// <summary>Goes to the next event of all CPUs; false at the end.</summary>
    /// <param name="cpu">Its CPU.</param>
    /// <param name="pages">Stands at the event, until the next call.</param>
    public bool TryNext(out int cpu, [NotNullWhen(true)] out PageReader? pages)
    {
        if (_taken)
        {
            if (!_heap[0].Pages.MoveNext())
            {
                _heap[0] = _heap[^1];
                _heap.RemoveAt(_heap.Count - 1);
            }

            SiftDown();
        }

        _taken = _heap.Count > 0;
        (cpu, pages) = _taken ? _heap[0] : default;
        return _taken;
    }

    private void SiftDown()
    {
        int at = 0;
        while (true)
        {
            int least = (2 * at) + 1;
            if (least >= _heap.Count)
            {
                return;
            }

            if (least + 1 < _heap.Count && Before(least + 1, least))
            {
                least++;
            }

            if (!Before(least, at))
            {
                return;
            }

            Swap(at, least);
            at = least;
        }
    }

    private bool Before(int left, int right)
    {
        (int leftCpu, PageReader leftPages) = _heap[left];
        (int rightCpu, PageReader rightPages) = _heap[right];
        return leftPages.Time != rightPages.Time ? leftPages.Time < rightPages.Time : leftCpu < rightCpu;
    }

    private void Swap(int left, int right) => (_heap[left], _heap[right]) = (_heap[right], _heap[left]);
}
