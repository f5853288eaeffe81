using ActorTrace.Hosting.Yaml;
using Xunit;

namespace ActorTrace.Hosting.Tests.Yaml;

public class SuggestionTests
{
    [Theory]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("", "abc", 3)]
    [InlineData("abc", "abc", 0)]
    [InlineData("gust", "guests", 2)]
    [InlineData("naem", "name", 1)]
    [InlineData("Name", "name", 0)]
    public void The_edit_distance_is_the_textbook_one(string a, string b, int distance)
    {
        Assert.Equal(distance, Suggestion.Distance(a, b));
        Assert.Equal(distance, Suggestion.Distance(b, a));
    }

    [Fact]
    public void A_near_word_is_suggested_a_far_one_is_not()
    {
        Assert.Equal("did you mean 'guests'?", Suggestion.For("gust", ["name", "guests"]));
        Assert.Equal("possible: name, guests", Suggestion.For("xylophone", ["name", "guests"]));
        Assert.Equal("possible: name, guests", Suggestion.For(new string('x', 10_000), ["name", "guests"]));
    }
}
