using System.Formats.Tar;
using ActorTrace.Hosting.Cli;
using ActorTrace.Hosting.Service.Api.Access;
using ActorTrace.Hosting.Yaml;
using ActorTrace.Traces.Formats;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Hosting;

namespace ActorTrace.Hosting.Service.Api.Downloads;

/// <summary>GET /runs/{id}/replay/{format}: the run as a file of a trace format, as far as it is stored.</summary>
internal sealed class ReplayRoute(IRuns runs, ReaderSlots slots, TemporaryFiles files, IHostApplicationLifetime lifetime)
{
    private const int CopyBytes = 1 << 16;

    /// <summary>Which part is wanted, as the query says it.</summary>
    internal sealed record Part(
        [FromQuery(Name = "view")] string? View, [FromQuery(Name = "from")] string? From, [FromQuery(Name = "until")] string? Until,
        [FromQuery(Name = "cpu")] int? Cpu, [FromQuery(Name = "task")] string? Task, [FromQuery(Name = "compression")] string? Compression);

    /// <summary>Sends the file.</summary>
    public async Task SendAsync(HttpContext context, string id, string format, Part part)
    {
        RunStatus run = RunRoutes.Find(runs, id);
        TraceFormat wanted = TraceFormats.Find(format)
            ?? throw new ApiException(StatusCodes.Status404NotFound, $"there is no such format (formats: {string.Join(", ", TraceFormats.All.Select(f => f.Name))})");
        TraceReplay request = Parse(wanted, part);
        Check(id, request);
        using IDisposable slot = slots.Take();
        bool isFolder = wanted.Extension.Length == 0;
        context.Response.ContentType = isFolder ? "application/x-tar" : TypeOf(wanted);
        DownloadName.Set(context.Response, run, isFolder ? $"-{wanted.Name}.tar" : wanted.Extension);
        await StreamedBody.SendAsync(context, (output, _) => Write(run, request, output), lifetime.ApplicationStopping);
    }

    /// <summary>The part of a run; the words of the command line are those of the query.</summary>
    internal static TraceReplay Parse(TraceFormat format, Part part) => Asked(() =>
    {
        if (part.Compression is { } compression)
        {
            format = format.Compressions.Contains(compression, StringComparer.Ordinal)
                ? format.Compressed(compression)
                : throw ApiException.BadParameter("compression", $"{format.Name} has {(format.Compressions.Count == 0 ? "none" : string.Join(", ", format.Compressions))}");
        }

        if (!format.HasViews && (part.View ?? part.Cpu?.ToString(System.Globalization.CultureInfo.InvariantCulture)) is not null)
        {
            throw ApiException.BadParameter(part.View is not null ? "view" : "cpu", $"{format.Name} shows the host and each guest with all their CPUs (leave it out)");
        }

        return new TraceReplay(
            format, ViewParameter.Parse(part.View), ReportRequest.Time("from", part.From), ReportRequest.Time("until", part.Until), part.Cpu, part.Task);
    });

    /// <summary>Does what reads the query; what cannot be used there is a bad request.</summary>
    internal static T Asked<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InputException e)
        {
            string name = e.Place.TrimStart('-');
            throw ApiException.BadParameter(name, e.Mend.Length == 0 ? e.What : $"{e.What} ({e.Mend})");
        }
    }

    /// <summary>What the run has not is told before the answer begins.</summary>
    private void Check(string id, TraceReplay request)
    {
        using IOpenRun run = runs.Open(id);
        _ = Asked(() => request.Selected(run));
    }

    private void Write(RunStatus status, TraceReplay request, Stream output)
    {
        using IOpenRun run = runs.Open(status.Id);
        Replay replay = request.Selected(run);
        if (request.Format.Streams)
        {
            _ = request.Format.ToStream(replay, output);
            return;
        }

        using TemporaryFiles.Place place = files.New();
        string path = place.Named(DownloadName.Of(status, request.Format.Extension));
        _ = request.Format.ToFile(replay, path);
        if (Directory.Exists(path))
        {
            Pack(path, output);
            return;
        }

        using FileStream file = File.OpenRead(path);
        file.CopyTo(output, CopyBytes);
    }

    /// <summary>Packs a folder; nothing of this machine is told, neither its users nor its clock.</summary>
    private static void Pack(string folder, Stream output)
    {
        using var tar = new TarWriter(output, TarEntryFormat.Pax, leaveOpen: true);
        string above = Path.GetDirectoryName(folder)!;
        foreach (string path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            using FileStream content = File.OpenRead(path);
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, Path.GetRelativePath(above, path).Replace('\\', '/'))
            {
                DataStream = content,
                ModificationTime = DateTimeOffset.UnixEpoch,
            });
        }
    }

    private static string TypeOf(TraceFormat format) => format.Extension switch
    {
        ".txt" => "text/plain; charset=utf-8",
        ".csv" => "text/csv; charset=utf-8",
        ".json" => "application/json",
        _ => "application/octet-stream",
    };
}
