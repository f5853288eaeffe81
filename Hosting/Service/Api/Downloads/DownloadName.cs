using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ActorTrace.Hosting.Service.Api.Downloads;

/// <summary>The name under which a browser saves an answer.</summary>
internal static class DownloadName
{
    /// <summary>Says it in the header.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="run">The run that it tells of.</param>
    /// <param name="ending">Behind the run's name and id.</param>
    public static void Set(HttpResponse response, RunStatus run, string ending)
    {
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(Of(run, ending));
        response.Headers.ContentDisposition = disposition.ToString();
    }

    /// <summary>The name: the scenario's, and the run's.</summary>
    public static string Of(RunStatus run, string ending) => Plain(run.Name) + "-" + Plain(run.Id) + ending;

    private static string Plain(string text) => new([.. text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' ? c : '-')]);
}
