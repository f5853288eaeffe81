using ActorTrace.Actors.Scenarios;
using ActorTrace.Actors.Simulation;
using ActorTrace.Machine.Values;
using CsCheck;

namespace ActorTrace.Actors.Tests.Simulation;

/// <summary>Three cores: a guest's vCPUs on 0 and 1, another guest on 2. A turn is 850 cycles.</summary>
public sealed class MemoryTurnsTests
{
    private const ulong Turn = 850;
    private static readonly Scenario Shared = World();
    private readonly MemoryTurns turns = new(Shared);

    [Theory]
    [InlineData(0, 0, 0, 850)] // both at the start: core 0 has the first turn
    [InlineData(1, 0, 0, 0)] // and core 1 none of it
    [InlineData(1, 850, 0, 850)] // core 0 is through: core 1 has its turn
    [InlineData(0, 850, 849, 850)] // core 1 is not through: core 0 waits
    [InlineData(0, 850, 850, 1700)]
    [InlineData(1, 900, 860, 850)] // in the second turn core 0 goes first, however far it is
    public void A_turn_is_begun_by_the_lower_core_and_ended_by_the_higher(int core, ulong first, ulong second, ulong limit) =>
        Assert.Equal(new VirtualInstant(limit), turns.LimitFor(core, [new(first), new(second), VirtualInstant.Never]));

    [Fact]
    public void A_core_whose_guest_shares_no_memory_has_all_the_time() =>
        Assert.Equal(VirtualInstant.Never, turns.LimitFor(2, [new(0), new(0), new(0)]));

    [Fact]
    public void A_core_may_be_woken_by_a_third() =>
        Assert.Equal(new VirtualInstant(1700), turns.LimitFor(1, [VirtualInstant.Never, new(0), new(1000)]));

    [Fact]
    public void After_an_sgi_a_core_stops_before_the_turn_in_which_it_arrives_at_a_lower_one()
    {
        Assert.Equal(new VirtualInstant(850), turns.LimitAfter(new CoreId(1), new CoreId(0), new VirtualInstant(100)));
        Assert.Equal(new VirtualInstant(1700), turns.LimitAfter(new CoreId(0), new CoreId(1), new VirtualInstant(100)));
        Assert.Equal(new VirtualInstant(1700), turns.LimitAfter(new CoreId(1), new CoreId(2), new VirtualInstant(100)));
        Assert.Equal(VirtualInstant.Never, turns.LimitAfter(new CoreId(2), new CoreId(0), new VirtualInstant(100)));
    }

    /// <summary>Whatever the cores' times are, one of them may go on within the conservative window.</summary>
    [Fact]
    public void It_is_always_some_cores_turn() =>
        Gen.ULong[0, 5000].Array[3].Sample(times =>
        {
            VirtualInstant[] next = [.. times.Select(t => new VirtualInstant(t))];
            Assert.Contains(Enumerable.Range(0, 3), core =>
            {
                VirtualInstant window = Enumerable.Range(0, 3).Where(i => i != core).Min(i => next[i]) + Turn;
                return VirtualInstant.Min(window, turns.LimitFor(core, next)) > next[core];
            });
        });

    /// <summary>What the cores begin, ordered by turn and core, is the order in which they are let begin it.</summary>
    [Fact]
    public void Steps_come_in_the_order_of_turn_and_core_whatever_their_lengths() =>
        Gen.ULong[1, 3000].Array[40].Sample(lengths =>
        {
            ulong[] now = [0, 0, 0];
            List<(ulong Turn, int Core)> begun = [];
            foreach (ulong length in lengths)
            {
                VirtualInstant[] next = [.. now.Select(t => new VirtualInstant(t))];
                int core = Enumerable.Range(0, 3).First(c => Limit(c, next) > next[c]);
                VirtualInstant limit = Limit(core, next);
                begun.Add((now[core] / Turn, core));
                now[core] = Math.Max(now[core] + 1, length % 2 == 0 ? now[core] + length : Math.Min(now[core] + length, limit.Cycles));
            }

            (ulong Turn, int Core)[] sharing = [.. begun.Where(b => b.Core < 2)];
            Assert.Equal(sharing.Order(), sharing);
        });

    private VirtualInstant Limit(int core, VirtualInstant[] next) => VirtualInstant.Min(
        turns.LimitFor(core, next), Enumerable.Range(0, 3).Where(i => i != core).Min(i => next[i]) + Turn);

    private static Scenario World()
    {
        Scenario world = TestWorld.Scenario();
        return world with
        {
            Board = world.Board with { Cores = 3 },
            Guests = [world.Guests[1] with { Core = new CoreId(0), VcpuCores = [new(0), new(1)] }, world.Guests[1] with { Core = new CoreId(2), VcpuCores = [new(2)] }],
        };
    }
}
