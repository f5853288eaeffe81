using System.Collections.Concurrent;
using System.Net;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Proto.Collector.Trace.V1;
using OpenTelemetry.Proto.Trace.V1;
using Xunit;

namespace ActorTrace.Telemetry.Tests;

/// <summary>A receiver of OTLP over gRPC and HTTP, generated from the official definitions, that keeps every span and can be told to fail.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly Store _store;
    private WebApplication? _application;

    private Receiver(Store store) => _store = store;

    /// <summary>How the receiver treats the request of a number, from 0 on.</summary>
    public enum Treatment
    {
        Take,
        Unavailable,

        /// <summary>Takes the spans, but the answer is lost.</summary>
        Reset,

        /// <summary>Leaves one span out.</summary>
        Partial,
        Refuse,
    }

    public Uri Grpc => new($"http://127.0.0.1:{_store.GrpcPort}");

    public Uri Http => new($"http://127.0.0.1:{_store.HttpPort}");

    public int Requests => _store.Requests;

    /// <summary>Spans by identity, with how often each came.</summary>
    public ConcurrentDictionary<(ByteString Trace, ByteString Span), int> Spans => _store.Spans;

    /// <summary>The spans themselves, with the service of each, where they are kept.</summary>
    public ConcurrentBag<(string Service, Span Span)> Kept => _store.Kept;

    public static async Task<Receiver> StartAsync(Func<int, Treatment>? treatment = null, bool keeps = false)
    {
        var receiver = new Receiver(new Store(treatment ?? (_ => Treatment.Take), keeps));
        await receiver.StartAgainAsync();
        return receiver;
    }

    /// <summary>Starts it on the ports that it had.</summary>
    public async Task StartAgainAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(_store);
        builder.Services.AddGrpc();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, _store.GrpcPort, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Listen(IPAddress.Loopback, _store.HttpPort, listen => listen.Protocols = HttpProtocols.Http1);
        });
        _application = builder.Build();
        _application.MapGrpcService<GrpcService>();
        _application.MapPost("/v1/traces", TakeHttpAsync);
        await _application.StartAsync();
        string[] addresses = [.. _application.Urls];
        (_store.GrpcPort, _store.HttpPort) = (new Uri(addresses[0]).Port, new Uri(addresses[1]).Port);
    }

    /// <summary>Ends it at once, as a killed process would.</summary>
    public async Task KillAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _application!.StopAsync(now.Token);
        await _application.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
        {
            await _application.DisposeAsync();
        }
    }

    private async Task TakeHttpAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        Assert.Equal("application/x-protobuf", context.Request.ContentType);
        ExportTraceServiceRequest request = ExportTraceServiceRequest.Parser.ParseFrom(body.ToArray());
        (Treatment treatment, ExportTraceServiceResponse response) = _store.Take(request);
        switch (treatment)
        {
            case Treatment.Unavailable: context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable; break;
            case Treatment.Refuse: context.Response.StatusCode = StatusCodes.Status400BadRequest; break;
            case Treatment.Reset: context.Abort(); break;
            default: await context.Response.Body.WriteAsync(response.ToByteArray()); break;
        }
    }

    internal sealed class Store(Func<int, Treatment> treatment, bool keeps)
    {
        private int _requests;

        public int GrpcPort { get; set; }

        public int HttpPort { get; set; }

        public int Requests => _requests;

        public ConcurrentDictionary<(ByteString Trace, ByteString Span), int> Spans { get; } = [];

        public ConcurrentBag<(string Service, Span Span)> Kept { get; } = [];

        public (Treatment Treatment, ExportTraceServiceResponse Response) Take(ExportTraceServiceRequest request)
        {
            Treatment chosen = treatment(Interlocked.Increment(ref _requests) - 1);
            var response = new ExportTraceServiceResponse();
            if (chosen is Treatment.Unavailable or Treatment.Refuse)
            {
                return (chosen, response);
            }

            int left = chosen == Treatment.Partial ? 1 : 0;
            if (left > 0)
            {
                response.PartialSuccess = new ExportTracePartialSuccess { RejectedSpans = left, ErrorMessage = "one span too many" };
            }

            foreach (ResourceSpans resource in request.ResourceSpans)
            {
                string service = resource.Resource.Attributes.Single(a => a.Key is "service.name").Value.StringValue;
                foreach (Span span in resource.ScopeSpans.SelectMany(scope => scope.Spans).Skip(left))
                {
                    left = 0;
                    Spans.AddOrUpdate((span.TraceId, span.SpanId), 1, (_, times) => times + 1);
                    if (keeps)
                    {
                        Kept.Add((service, span));
                    }
                }
            }

            return (chosen, response);
        }
    }

    internal sealed class GrpcService(Store store) : TraceService.TraceServiceBase
    {
        public override Task<ExportTraceServiceResponse> Export(ExportTraceServiceRequest request, ServerCallContext context)
        {
            (Treatment treatment, ExportTraceServiceResponse response) = store.Take(request);
            switch (treatment)
            {
                case Treatment.Unavailable: throw new RpcException(new global::Grpc.Core.Status(StatusCode.Unavailable, "busy"));
                case Treatment.Refuse: throw new RpcException(new global::Grpc.Core.Status(StatusCode.InvalidArgument, "no"));
                case Treatment.Reset: context.GetHttpContext().Abort(); return Task.FromResult(response);
                default: return Task.FromResult(response);
            }
        }
    }
}
