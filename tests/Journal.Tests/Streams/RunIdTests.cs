using ActorTrace.Journal.Streams;

namespace ActorTrace.Journal.Tests.Streams;

public class RunIdTests
{
    [Fact]
    public void A_stream_is_named_by_run_and_name()
    {
        var stream = new StreamId(new RunId(0x0012ABCD, 3), "core-1");
        Assert.Equal("run-0012abcd-3-core-1", stream.PersistenceId);
        Assert.True(StreamId.TryParse("run-0012abcd-3-core-1", out StreamId? read));
        Assert.Equal(stream, read);
    }

    [Theory]
    [InlineData("run-0012abcd-3")]
    [InlineData("run-0012abcd-3-")]
    [InlineData("run-0012ABCD-3-core-1")]
    [InlineData("run-0012abcd-03-core-1")]
    [InlineData("run-0012abcd-x-core-1")]
    [InlineData("run-12abcd-3-core-1")]
    [InlineData("walk-0012abcd-3-core-1")]
    [InlineData("run-")]
    public void Other_persistence_ids_are_not_streams(string persistenceId) =>
        Assert.False(StreamId.TryParse(persistenceId, out _));
}
