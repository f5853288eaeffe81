using System.Diagnostics;
using Akka.Actor;

namespace ActorTrace.Actors.Simulation;

/// <summary>
/// A command with the trace context of its sender: what an actor does of a request over HTTP is a span below that request's. This is
/// real time, for those who look after the service; nothing simulated sees it.
/// </summary>
/// <param name="Message">The command.</param>
/// <param name="Context">Who sent it.</param>
public sealed record Traced(object Message, ActivityContext Context)
{
    /// <summary>The name of the source of these spans.</summary>
    public const string SourceName = "ActorTrace.Actors";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>A command with the present context, or as it is where nobody traces.</summary>
    public static object With(object message) => Activity.Current is { } present ? new Traced(message, present.Context) : message;

    /// <summary>Handles a message, inside a span of its own where it carries a context.</summary>
    /// <param name="actor">Who handles it.</param>
    /// <param name="message">The message, maybe with a context.</param>
    /// <param name="handle">Handles the message itself.</param>
    public static bool Handle(ActorBase actor, object message, Func<object, bool> handle)
    {
        ArgumentNullException.ThrowIfNull(actor);
        ArgumentNullException.ThrowIfNull(handle);
        if (message is not Traced traced)
        {
            return handle(message);
        }

        using Activity? span = Source.StartActivity($"{actor.GetType().Name} {traced.Message.GetType().Name}", ActivityKind.Consumer, traced.Context);
        return handle(traced.Message);
    }
}
