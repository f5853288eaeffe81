using ActorTrace.Hosting.Service;
using ActorTrace.Hosting.Service.Api;
using CsCheck;

namespace ActorTrace.Service.Tests.Api;

/// <summary>Paging through the runs.</summary>
public class RunListTests
{
    private static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Runs begin at few distinct times, some are deleted between pages: what stays is seen once, in order.</summary>
    [Fact]
    public void Pages_together_are_the_list_though_runs_come_and_go() => Gen.Select(Gen.Int[0, 40], Gen.Int[1, 7], Gen.Int[0, 10_000]).Sample((count, limit, seed) =>
    {
        var random = new Random(seed);
        List<RunStatus> all = [.. Enumerable.Range(0, count).Select(i => Run(i, Begin.AddSeconds(random.Next(5))))];
        var seen = new List<RunStatus>();
        var deleted = new HashSet<string>(StringComparer.Ordinal);
        string? after = null;
        do
        {
            RunPage page = RunList.Page(all, limit, after);
            seen.AddRange(page.Items);
            after = page.Next;
            Assert.True(page.Items.Count == limit || after is null);
            if (all.Count > 0 && random.Next(2) == 0)
            {
                int gone = random.Next(all.Count);
                deleted.Add(all[gone].Id);
                all.RemoveAt(gone);
            }

            all.Add(Run(1000 + seen.Count, Begin.AddSeconds(100)));
        }
        while (after is not null);

        Assert.Equal(seen.Count, seen.Select(run => run.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(seen.OrderByDescending(run => run.BegunAt).ThenByDescending(run => run.Id, StringComparer.Ordinal), seen);
        Assert.All(all.Where(run => run.BegunAt < Begin.AddSeconds(100)), run => Assert.Contains(run, seen));
    });

    private static RunStatus Run(int number, DateTimeOffset begun) =>
        new($"r{number:d4}", "name", RunState.Completed, null, begun, 0, 0, 1, [], null);
}
