using Xunit;

namespace ActorTrace.Traces.Tests.Formats.Reading;

/// <summary>The real captures, which are not part of the project.</summary>
internal static class Captures
{
    /// <summary>Path of a capture; skips the test where it is not there.</summary>
    public static string Path(string name)
    {
        string? folder = Environment.GetEnvironmentVariable("ACTORTRACE_CAPTURES");
        Skip.If(string.IsNullOrEmpty(folder), "ACTORTRACE_CAPTURES is not set");
        string path = System.IO.Path.Combine(folder, name);
        Skip.IfNot(File.Exists(path), "$ACTORTRACE_CAPTURES holds no " + name);
        return path;
    }
}
