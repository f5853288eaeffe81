namespace ActorTrace.EndToEnd.Predecessor;

/// <summary>Each mistake of the public monitor loses events of the same guests of which ours loses none, counted by the guest's own ring.</summary>
public sealed class PredecessorTests(Xunit.Abstractions.ITestOutputHelper output)
{
    public static TheoryData<int, string> Mistakes
    {
        get
        {
            var data = new TheoryData<int, string>();
            for (int i = 0; i < Mistake.All.Count; i++)
            {
                data.Add(i, Mistake.All[i].Name);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_loses_events_of_which_ours_loses_none(int number, string name)
    {
        Mistake mistake = Mistake.All[number];
        MistakeResult result = mistake.Result;
        output.WriteLine($"{name} {mistake.Where} {result} lost {result.Lost}");
        Assert.True(result.Ours.Happened > 10, "the guest switched");
        Assert.Equal((0, 0), (result.Ours.Lost, result.Ours.Wrong));
        Assert.Equal(mistake.Loses, result.Lost > 0);
    }
}
