using ActorTrace.Hosting.Yaml;
using ActorTrace.Traces.Timelines;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace ActorTrace.Hosting.Service.Api;

/// <summary>Every error is answered as application/problem+json (RFC 9457), whoever found it.</summary>
internal static class Problems
{
    private const string ContentType = "application/problem+json";
    private const int ClientClosedRequest = 499;
    private const string RetrySeconds = "5";

    /// <summary>The answer to what a handler threw.</summary>
    public static ProblemDetails Of(Exception thrown) => thrown switch
    {
        ApiException e => Make(e.Status, e.Message, e.Place),
        RunProblemException e => Make(StatusOf(e.Problem), e.Message),
        InputException e => Input(StatusCodes.Status422UnprocessableEntity, e),
        TimelineTooLongException e => Make(StatusCodes.Status422UnprocessableEntity, $"{e.Message} to draw (choose a part with from and until)"),
        BadHttpRequestException e => Make(e.StatusCode, (e.InnerException?.Message is { } cause ? $"{e.Message} {cause}" : e.Message).ReplaceLineEndings(" ")),
        OperationCanceledException => Make(ClientClosedRequest, "the client has gone"),
        InvalidDataException e => Make(StatusCodes.Status500InternalServerError, $"{e.Message} (the journal is damaged: repeat the run)"),
        _ => Make(StatusCodes.Status500InternalServerError, "the service has a fault; the run is not affected"),
    };

    /// <summary>Says what was given and cannot be used, with its place and the mend.</summary>
    public static ProblemDetails Input(int status, InputException e)
    {
        ProblemDetails problem = Make(status, e.Message, e.Place);
        problem.Extensions["mend"] = e.Mend;
        return problem;
    }

    /// <summary>Writes a problem as the whole answer.</summary>
    public static Task WriteAsync(HttpContext context, ProblemDetails problem)
    {
        HttpResponse response = context.Response;
        response.StatusCode = problem.Status ?? StatusCodes.Status500InternalServerError;
        response.Headers.CacheControl = "no-store";
        if (response.StatusCode == StatusCodes.Status429TooManyRequests)
        {
            response.Headers.RetryAfter = RetrySeconds;
        }

        return response.WriteAsJsonAsync(problem, options: null, ContentType, context.RequestAborted);
    }

    /// <summary>Writes a problem of a status that has no more to say than its name.</summary>
    public static Task WriteAsync(HttpContext context, int status, string detail) => WriteAsync(context, Make(status, detail));

    /// <summary>Answers what handlers throw, and the bare statuses of the framework.</summary>
    public static void Use(IApplicationBuilder app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = context => WriteAsync(context, Of(context.Features.Get<IExceptionHandlerFeature>()!.Error)),
            AllowStatusCode404Response = true,
            SuppressDiagnosticsCallback = thrown => Of(thrown.Exception).Status < StatusCodes.Status500InternalServerError,
        });
        app.UseStatusCodePages(pages => WriteAsync(pages.HttpContext, pages.HttpContext.Response.StatusCode, DetailOf(pages.HttpContext)));
    }

    private static string DetailOf(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => $"there is nothing at {context.Request.Path} (/openapi/v1.json lists what there is)",
        StatusCodes.Status405MethodNotAllowed => $"{context.Request.Method} is not possible here (the header Allow says what is)",
        StatusCodes.Status415UnsupportedMediaType => "the body is of another type (see /openapi/v1.json)",
        int status => ReasonPhrases.GetReasonPhrase(status).ToLowerInvariant(),
    };

    private static int StatusOf(RunProblem problem) => problem switch
    {
        RunProblem.NotFound => StatusCodes.Status404NotFound,
        RunProblem.WrongState => StatusCodes.Status409Conflict,
        RunProblem.TooMany => StatusCodes.Status429TooManyRequests,
        _ => StatusCodes.Status422UnprocessableEntity,
    };

    private static ProblemDetails Make(int status, string detail, string? place = null)
    {
        string title = status == ClientClosedRequest ? "Client Closed Request" : ReasonPhrases.GetReasonPhrase(status);
        var problem = new ProblemDetails { Type = "about:blank", Title = title, Status = status, Detail = detail };
        if (place is not null)
        {
            problem.Extensions["place"] = place;
        }

        return problem;
    }
}
