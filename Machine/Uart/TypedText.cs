using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Uart;

/// <summary>Text that is typed at a terminal, when the text before it has been taken.</summary>
/// <param name="At">Not before this instant.</param>
/// <param name="After">Not before this was printed since the text before it was typed; empty = at once.</param>
/// <param name="Text">What is typed: characters up to U+00FF, each a byte.</param>
public sealed record TypedText(VirtualInstant At, string After, string Text);
