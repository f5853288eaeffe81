using System.Globalization;

namespace ActorTrace.Traces.Formats.Ctf;

/// <summary>CTF 1.8 as LTTng's kernel tracer writes it: a folder with the folder kernel in it.</summary>
internal sealed class CtfFormat() : TraceFormat("ctf", "", "babeltrace2, babeltrace, lttng-analyses, Trace Compass (a folder)")
{
    private const string Domain = "kernel";

    /// <inheritdoc/>
    public override ExportResult ToFile(Replay replay, string path)
    {
        using var folder = new AtomicFolder(path, Path.Combine(Domain, CtfMetadata.FileName));
        string kernel = Path.Combine(folder.Root, Domain);
        Directory.CreateDirectory(kernel);
        Guid uuid = CtfMetadata.Identity(replay.TraceId);
        var streams = new List<FileStream>();
        try
        {
            for (int cpu = 0; cpu < replay.Cpus; cpu++)
            {
                streams.Add(new FileStream(
                    Path.Combine(kernel, string.Create(CultureInfo.InvariantCulture, $"channel0_{cpu}")), FileMode.Create, FileAccess.Write));
            }

            var writer = new CtfWriter(streams, uuid);
            ExportResult result = replay.Send(writer);
            writer.Complete(Math.Min(result.End, replay.Selection.Until));
            File.WriteAllText(Path.Combine(kernel, CtfMetadata.FileName), CtfMetadata.Write(uuid, replay.Types.All));
            streams.ForEach(s => s.Dispose());
            folder.Commit();
            return result;
        }
        finally
        {
            streams.ForEach(AtomicFile.Abandon);
        }
    }
}
