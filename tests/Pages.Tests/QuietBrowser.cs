namespace ActorTrace.Pages.Tests;

/// <summary>A Chromium that does not note its requests: each message of a stream would be kept as one.</summary>
public sealed class QuietBrowser() : Browser(notesRequests: false);
