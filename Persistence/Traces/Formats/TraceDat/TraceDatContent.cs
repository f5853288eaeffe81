namespace ActorTrace.Traces.Formats.TraceDat;

/// <summary>All that a trace.dat holds, whatever its version.</summary>
/// <param name="Cpus">The pages of each CPU, complete.</param>
/// <param name="Types">Types of the events.</param>
/// <param name="Names">Names of the pids seen.</param>
/// <param name="Options">The options.</param>
internal sealed record TraceDatContent(
    CpuPages[] Cpus, EventTypes Types, IReadOnlyDictionary<int, string> Names, IReadOnlyList<TraceDatOption> Options);

/// <summary>A version of trace.dat: the order in which the content stands in the file.</summary>
internal interface ITraceDatLayout
{
    /// <summary>Writes the file.</summary>
    /// <param name="output">Empty; it can seek.</param>
    /// <param name="content">What to write.</param>
    void Write(Stream output, TraceDatContent content);
}

/// <summary>The alignment of pages, which readers map into memory.</summary>
internal static class PageAlignment
{
    /// <summary>The first place of a page that is not before this one.</summary>
    public static long Of(long offset) => (offset + CpuPages.PageBytes - 1) / CpuPages.PageBytes * CpuPages.PageBytes;

    /// <summary>Writes zeros up to the next page.</summary>
    public static void Pad(Stream output) => output.Write(new byte[Of(output.Position) - output.Position]);
}
