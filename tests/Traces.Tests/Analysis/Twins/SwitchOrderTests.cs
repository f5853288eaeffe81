using ActorTrace.Machine.Values;
using ActorTrace.Traces.Analysis.Twins;
using ActorTrace.Traces.Events;
using CsCheck;
using Xunit;

namespace ActorTrace.Traces.Tests.Analysis.Twins;

public sealed class SwitchOrderTests
{
    [Fact]
    public void The_same_order_has_nothing_that_moved() =>
        Assert.Equal(new SwitchOrder(3, 0, 0, 0), SwitchOrder.Compare(History([1, 2, 3]), History([1, 2, 3])));

    [Fact]
    public void A_preemption_more_in_the_traced_twin_is_a_turn_that_only_it_has()
    {
        GuestHistory untraced = History([1, 2]);
        GuestHistory traced = History([1, -1, 2, 1]);
        Assert.Equal(new SwitchOrder(2, 0, 0, 1), SwitchOrder.Compare(untraced, traced));
        Assert.Equal(new SwitchOrder(2, 0, 1, 0), SwitchOrder.Compare(traced, untraced));
    }

    [Fact]
    public void Turns_of_jobs_that_one_twin_did_not_complete_are_not_compared() =>
        Assert.Equal(new SwitchOrder(2, 0, 0, 0), SwitchOrder.Compare(History([1, 2]), History([1, 2, 3, 1, 2])));

    [Fact]
    public void As_few_turns_moved_as_a_search_of_all_ways_finds()
    {
        Gen.Select(Gen.Shuffle(Enumerable.Range(1, 7).ToArray()), Gen.Shuffle(Enumerable.Range(1, 7).ToArray())).Sample((first, second) =>
        {
            int[] places = [.. first.Select(task => Array.IndexOf(second, task))];
            int stay = Enumerable.Range(0, 1 << places.Length)
                .Select(subset => places.Where((_, i) => (subset >> i & 1) != 0).ToArray())
                .Where(kept => kept.SequenceEqual(kept.Order()))
                .Max(kept => kept.Length);
            Assert.Equal(new SwitchOrder(7, 7 - stay, 0, 0), SwitchOrder.Compare(History(first), History(second)));
        });
    }

    /// <summary>Tasks that run one after the other; each leaves asleep, but where -1 follows it leaves preempted.</summary>
    private static GuestHistory History(int[] order)
    {
        var history = new GuestHistory("guest", new VcpuId(new GuestId(0), 0), new CoreId(0));
        TaskReference running = new(0, "idle", 120);
        ulong at = 0;
        uint state = 0;
        for (int i = 0; i < order.Length; i++)
        {
            if (order[i] < 0)
            {
                continue;
            }

            TaskReference next = new(order[i], $"task-{order[i]}", 10);
            history.Switch(new CoreReading(new VirtualInstant(at += 10), 0, 0, 0), running, state, next);
            running = next;
            state = i + 1 < order.Length && order[i + 1] < 0 ? 0u : 1u;
        }

        history.Switch(new CoreReading(new VirtualInstant(at + 10), 0, 0, 0), running, 1, new TaskReference(0, "idle", 120));
        return history;
    }
}
