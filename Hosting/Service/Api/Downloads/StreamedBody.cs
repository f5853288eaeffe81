using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace ActorTrace.Hosting.Service.Api.Downloads;

/// <summary>Answers with bytes that blocking code makes, on a thread of its own and in constant memory.</summary>
internal static class StreamedBody
{
    private const long MostWaiting = 1 << 20;

    /// <summary>Sends what is produced.</summary>
    /// <param name="context">The request.</param>
    /// <param name="produce">Writes the bytes; the token is cancelled when the client has left.</param>
    /// <param name="shutdown">Ends it with the service.</param>
    public static async Task SendAsync(HttpContext context, Action<Stream, CancellationToken> produce, CancellationToken shutdown)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: MostWaiting, resumeWriterThreshold: MostWaiting / 2, useSynchronizationContext: false));
        using var writer = new TimedWriter(context, shutdown);
        using var left = CancellationTokenSource.CreateLinkedTokenSource(writer.Gone);
        Task producing = Task.Factory.StartNew(() => Produce(pipe.Writer, produce, left.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            await CopyAsync(pipe.Reader, writer);
        }
        finally
        {
            await left.CancelAsync();
            await pipe.Reader.CompleteAsync();
            await producing;
        }
    }

    private static async Task CopyAsync(PipeReader reader, TimedWriter writer)
    {
        ReadResult result;
        do
        {
            result = await reader.ReadAsync(writer.Gone);
            foreach (ReadOnlyMemory<byte> segment in result.Buffer)
            {
                await writer.WriteAsync(segment);
            }

            reader.AdvanceTo(result.Buffer.End);
        }
        while (!result.IsCompleted);
    }

    private static void Produce(PipeWriter pipe, Action<Stream, CancellationToken> produce, CancellationToken left)
    {
        try
        {
            using var stream = new PipeStream(pipe);
            produce(stream, left);
            stream.Flush();
            pipe.Complete();
        }
        catch (Exception e)
        {
            // Told to the reader of the pipe, which answers for the request.
            pipe.Complete(e);
        }
    }
}
