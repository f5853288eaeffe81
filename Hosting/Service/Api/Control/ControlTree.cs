using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Hosting.Service.Api.Control;

/// <summary>The profiler's control tree as files of text: what stands in each follows from what the GPOS's controller took.</summary>
internal static class ControlTree
{
    /// <summary>The folder with the profiler's files.</summary>
    public const string Folder = "trace";

    /// <summary>Shows what the last write came to.</summary>
    public const string Status = "trace/status";

    private const string Ok = "ok";

    // File, what stands in it at the start, and the files that a write empties: a selection replaces the one before.
    private static readonly (string File, string First, string[] Empties)[] Files =
    [
        ("trace/address", "", ["trace/symbol", "trace/probes"]),
        ("trace/enable", "0", []),
        ("trace/end_ns", "0", []),
        ("trace/filter", "", []),
        ("trace/guest", "", ["trace/symbol", "trace/address", "trace/probes"]),
        ("trace/probes", "", ["trace/symbol", "trace/address"]),
        ("trace/start_ns", "0", []),
        (Status, Ok, []),
        ("trace/symbol", "", ["trace/address", "trace/probes"]),
    ];

    /// <summary>Whether there is a file of that name below the folder.</summary>
    public static bool Has(string file) => Files.Any(known => string.Equals(known.File, file, StringComparison.Ordinal));

    /// <summary>The files of the folder, one a line.</summary>
    public static string List() => string.Concat(Files.Select(known => known.File[(Folder.Length + 1)..] + "\n"));

    /// <summary>What stands in a file.</summary>
    /// <param name="run">The run as far as it is stored.</param>
    /// <param name="file">The file.</param>
    public static string Read(ITraceSource run, string file)
    {
        var values = Files.ToDictionary(known => known.File, known => known.First, StringComparer.Ordinal);
        foreach (ControlRecord write in run.ReadStream(StreamNames.Control).OfType<ControlRecord>())
        {
            values[Status] = write.Result;
            if (string.Equals(write.Result, Ok, StringComparison.Ordinal) && values.ContainsKey(write.File) && write.File is not Status)
            {
                values[write.File] = write.Value.Trim();
                foreach (string other in Files.First(known => string.Equals(known.File, write.File, StringComparison.Ordinal)).Empties)
                {
                    values[other] = "";
                }
            }
        }

        return values[file];
    }
}
