using ActorTrace.Machine.Values;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Traces.Formats.TraceDat.Sets;

/// <summary>A folder with one trace.dat of the host and one for each guest, tied together as trace-cmd's own recordings of virtual machines are.</summary>
internal sealed class TraceDatSetFormat() : TraceFormat(
    "trace.dat-set", string.Empty, "trace-cmd and KernelShark with its KVM plots: a folder with a file of the host and one for each guest")
{
    /// <inheritdoc/>
    public override bool HasViews => false;

    /// <inheritdoc/>
    public override string? Refusal(Replay replay) =>
        new HostSource(replay.Source).HasSteps ? null : "the run has no hypervisor, so there is no host to show";

    /// <inheritdoc/>
    public override ExportResult ToFile(Replay replay, string path)
    {
        using var folder = new AtomicFolder(path, SetNames.Host);
        var host = new Replay(new HostSource(replay.Source), TraceView.Board, replay.Selection) { Types = new EventTypes(KvmEvents.All) };
        var links = new List<TraceDatOption>();
        var total = default(ExportResult);
        IReadOnlyList<string> names = SetNames.Guests(replay.Manifest.Guests);
        for (int i = 0; i < names.Count; i++)
        {
            var id = new GuestId((byte)i);
            var guest = new Replay(new GuestSource(replay.Source, id), TraceView.Gpos, replay.Selection);
            links.Add(SetLinks.ToGuest(id, guest.Manifest.Guests[i], guest.TraceId));
            using var writer = new TraceDatWriter(Path.Combine(folder.Root, names[i]), guest.Cpus, new Version6Layout());
            ExportResult result = guest.Send(writer);
            writer.MarkIfEmpty(guest.Selection.From);
            writer.Complete(result.End, guest.Types, guest.TraceId, SetLinks.ToHost(host.TraceId, guest.Cpus));
            total = Sum(total, result);
        }

        total = Sum(total, WriteHost(host, Path.Combine(folder.Root, SetNames.Host), links));
        folder.Commit();
        return total;
    }

    private static ExportResult WriteHost(Replay host, string path, List<TraceDatOption> links)
    {
        using var writer = new TraceDatWriter(path, host.Cpus, new Version6Layout());
        ExportResult result = host.Send(writer, sink => new HostMapper(host.Manifest, host.Types, sink));
        writer.MarkIfEmpty(host.Selection.From);
        writer.Complete(result.End, host.Types, host.TraceId, links);
        return result;
    }

    private static ExportResult Sum(ExportResult a, ExportResult b) => new(a.Events + b.Events, a.Lost + b.Lost, Math.Max(a.End, b.End));
}
