using System.Text;
using ActorTrace.Hosting.Service.Api.Access;
using ActorTrace.Hosting.Service.Api.Downloads;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Formats.FtraceText;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace ActorTrace.Hosting.Service.Api.Control;

/// <summary>The control tree of a run over HTTP: text in, text out, as a shell has it in /sys.</summary>
internal sealed class ControlRoutes(IRuns runs, ReaderSlots slots, IHostApplicationLifetime lifetime)
{
    private const int LongestValue = 4096;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>GET /runs/{id}/control: what is in the tree.</summary>
    public IResult List(string id)
    {
        _ = RunRoutes.Find(runs, id);
        return Text($"guests\n{ControlTree.Folder}/\ntrace_pipe\n");
    }

    /// <summary>GET /runs/{id}/control/guests: the guests, one a line.</summary>
    public IResult Guests(string id) => Text(string.Concat(RunRoutes.Find(runs, id).Guests.Select(guest => guest.Name + "\n")));

    /// <summary>GET /runs/{id}/control/trace: the profiler's files.</summary>
    public IResult ListTrace(string id)
    {
        _ = RunRoutes.Find(runs, id);
        return Text(ControlTree.List());
    }

    /// <summary>GET /runs/{id}/control/trace/{file}: what stands in a file.</summary>
    public IResult Read(string id, string file)
    {
        string path = PathOf(file);
        _ = RunRoutes.Find(runs, id);
        using IOpenRun run = runs.Open(id);
        return Text(ControlTree.Read(run, path) + "\n");
    }

    /// <summary>PUT or POST /runs/{id}/control/trace/{file}: writes a file, answers what the controller in the GPOS said to it.</summary>
    public async Task<IResult> WriteAsync(HttpContext context, string id, string file)
    {
        string path = PathOf(file);
        string value = await ValueAsync(context.Request);
        ulong at = await runs.WriteControlAsync(id, path, value);
        if (RunRoutes.Find(runs, id).State == RunState.Paused)
        {
            return Pending();
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        patience.CancelAfter(Patience);
        string? result = await Task.Factory.StartNew(
            () => ResultOf(id, path, value, at, patience.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return result is not null ? Text(result + "\n")
            : RunRoutes.Find(runs, id).IsLive ? Pending()
            : throw new RunProblemException(RunProblem.WrongState, "the run ended before the write took effect");
    }

    /// <summary>GET /runs/{id}/control/trace_pipe: ftrace text as it comes.</summary>
    public async Task PipeAsync(HttpContext context, string id, string? view)
    {
        var chosen = ViewParameter.Parse(view);
        _ = RunRoutes.Find(runs, id);
        using IDisposable slot = slots.Take();
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        await StreamedBody.SendAsync(context, (output, left) =>
        {
            using IOpenRun run = runs.Follow(id, left);
            using var pipe = new TracePipe(FtraceTextWriter.WithoutHeader(output));
            _ = new Replay(run, chosen).Send(pipe);
            pipe.Complete();
        }, lifetime.ApplicationStopping);
    }

    private static string PathOf(string file)
    {
        string path = $"{ControlTree.Folder}/{file}";
        return ControlTree.Has(path) ? path
            : throw new ApiException(StatusCodes.Status404NotFound, $"there is no such control file (files: {ControlTree.List().TrimEnd('\n').Replace("\n", ", ", StringComparison.Ordinal)})");
    }

    /// <summary>What the body says, without the line end of `echo`.</summary>
    private static async Task<string> ValueAsync(HttpRequest request)
    {
        byte[] body = new byte[LongestValue + 1];
        int length = await request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, request.HttpContext.RequestAborted);
        if (length > LongestValue)
        {
            throw new ApiException(StatusCodes.Status413PayloadTooLarge, $"a value has at most {LongestValue} bytes");
        }

        string value = Encoding.UTF8.GetString(body, 0, length).Trim();
        return value.Length > 0 && !value.Any(char.IsControl) ? value
            : throw new ApiException(StatusCodes.Status400BadRequest, "a value is one line of text");
    }

    /// <summary>Waits until the record of the write is stored; null where that does not come.</summary>
    private string? ResultOf(string id, string path, string value, ulong at, CancellationToken stop)
    {
        using IOpenRun run = runs.Follow(id, stop);
        return run.ReadStream(StreamNames.Control).OfType<ControlRecord>().FirstOrDefault(
            record => run.Manifest.Clock.ToNanoseconds(record.At) >= at
                && string.Equals(record.File, path, StringComparison.Ordinal)
                && string.Equals(record.Value, value, StringComparison.Ordinal))?.Result;
    }

    private static Microsoft.AspNetCore.Http.HttpResults.ContentHttpResult Text(string text) => TypedResults.Content(text, "text/plain; charset=utf-8");

    private static Microsoft.AspNetCore.Http.HttpResults.ContentHttpResult Pending() =>
        TypedResults.Content("pending\n", "text/plain; charset=utf-8", statusCode: StatusCodes.Status202Accepted);
}
