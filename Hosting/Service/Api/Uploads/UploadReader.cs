using System.Buffers;
using System.Text;
using ActorTrace.Hosting.Yaml;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace ActorTrace.Hosting.Service.Api.Uploads;

/// <summary>Reads multipart/form-data as it comes, within bounds; it is kept in memory and never touches a disk.</summary>
/// <param name="limits">How long an upload may be.</param>
internal sealed class UploadReader(ServiceLimits limits)
{
    /// <summary>The most parts of an upload.</summary>
    public const int MaxParts = 64;

    /// <summary>The longest scenario: YamlText's bound in characters, of at most four bytes.</summary>
    public const int MaxScenarioBytes = YamlText.MaxLength * 4;

    private const int MaxFieldBytes = 256;
    private const int MaxBoundary = 70;
    private const int MaxPartHeaders = 8;
    private const int MaxPartHeaderBytes = 4096;
    private const int MaxName = 255;
    private const int ChunkBytes = 1 << 16;
    private const long FramingBytes = 1 << 20;

    /// <summary>Reads the upload of a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="claim">Counts what is held.</param>
    /// <exception cref="ApiException">It is no upload, or beyond the bounds.</exception>
    public async Task<Upload> ReadAsync(HttpRequest request, UploadBudget.Claim claim)
    {
        string boundary = BoundaryOf(request);
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = limits.MaxUploadBytes + FramingBytes;
        }

        var reader = new MultipartReader(boundary, request.Body) { HeadersCountLimit = MaxPartHeaders, HeadersLengthLimit = MaxPartHeaderBytes };
        var builder = new Builder();
        try
        {
            int parts = 0;
            while (await reader.ReadNextSectionAsync(request.HttpContext.RequestAborted) is { } section)
            {
                if (++parts > MaxParts)
                {
                    throw new ApiException(StatusCodes.Status413PayloadTooLarge, $"the upload has more than {MaxParts} parts");
                }

                await ReadPartAsync(section, builder, claim, request.HttpContext.RequestAborted);
            }
        }
        catch (Exception e) when (e is InvalidDataException || (e is IOException and not BadHttpRequestException && !request.HttpContext.RequestAborted.IsCancellationRequested))
        {
            throw new ApiException(StatusCodes.Status400BadRequest, $"the body is no multipart/form-data: {e.Message.ReplaceLineEndings(" ")}");
        }

        return builder.Build();
    }

    private static string BoundaryOf(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
        {
            throw new ApiException(StatusCodes.Status415UnsupportedMediaType, "a run is started by multipart/form-data (curl -F scenario=@FILE -F file=@FILE ...)");
        }

        string boundary = HeaderUtilities.RemoveQuotes(type.Boundary).ToString();
        return boundary.Length is > 0 and <= MaxBoundary
            ? boundary
            : throw new ApiException(StatusCodes.Status400BadRequest, $"the boundary of the parts has {boundary.Length} characters (1 to {MaxBoundary} are possible)");
    }

    private static async Task ReadPartAsync(MultipartSection section, Builder builder, UploadBudget.Claim claim, CancellationToken stop)
    {
        if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out ContentDispositionHeaderValue? disposition)
            || HeaderUtilities.RemoveQuotes(disposition.Name).ToString() is not { Length: > 0 } name)
        {
            throw new ApiException(StatusCodes.Status400BadRequest, "a part has no name");
        }

        string file = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).ToString();
        switch (name)
        {
            case "scenario":
                builder.SetScenario(CheckedName(file, "scenario.yaml"), await ReadBodyAsync(section.Body, name, MaxScenarioBytes, claim, stop));
                break;
            case "file":
                builder.AddFile(CheckedName(file, ""), await ReadBodyAsync(section.Body, name, int.MaxValue, claim, stop));
                break;
            case "for" or "paused":
                builder.SetField(name, Encoding.UTF8.GetString((await ReadBodyAsync(section.Body, name, MaxFieldBytes, claim, stop)).Span).Trim());
                break;
            default:
                throw new ApiException(StatusCodes.Status400BadRequest, "a part has an unknown name (known: scenario, file, for, paused)") { Place = Shown(name) };
        }
    }

    /// <summary>Only the last component counts, whatever the client says: what comes before it is a path of the client's.</summary>
    private static string CheckedName(string path, string otherwise)
    {
        string name = UploadedFiles.NameOf(path);
        if (name.Length == 0)
        {
            name = otherwise;
        }

        return name.Length is > 0 and <= MaxName && name is not ("." or "..") && !name.Any(char.IsControl)
            ? name
            : throw new ApiException(StatusCodes.Status400BadRequest, "a part 'file' needs a file name of 1 to 255 characters") { Place = "file" };
    }

    private static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(Stream body, string name, int most, UploadBudget.Claim claim, CancellationToken stop)
    {
        var content = new ArrayBufferWriter<byte>(ChunkBytes);
        while (true)
        {
            int read = await body.ReadAsync(content.GetMemory(ChunkBytes), stop);
            if (read == 0)
            {
                return content.WrittenMemory;
            }

            claim.Add(read);
            content.Advance(read);
            if (content.WrittenCount > most)
            {
                throw new ApiException(StatusCodes.Status413PayloadTooLarge, $"the part '{name}' is longer than {most} bytes") { Place = name };
            }
        }
    }

    private static string Shown(string name) => new([.. name.Take(MaxFieldBytes).Select(c => char.IsControl(c) ? '?' : c)]);

    private sealed class Builder
    {
        private readonly Dictionary<string, ReadOnlyMemory<byte>> _files = new(StringComparer.Ordinal);
        private readonly Dictionary<string, string> _fields = new(StringComparer.Ordinal);
        private (string Name, ReadOnlyMemory<byte> Content)? _scenario;

        public void SetScenario(string name, ReadOnlyMemory<byte> content) =>
            _scenario = _scenario is null ? (name, content) : throw Twice("scenario", "scenario");

        public void AddFile(string name, ReadOnlyMemory<byte> content)
        {
            if (!_files.TryAdd(name, content))
            {
                throw Twice("file", $"file '{name}'");
            }
        }

        public void SetField(string name, string value)
        {
            if (!_fields.TryAdd(name, value))
            {
                throw Twice(name, name);
            }
        }

        public Upload Build()
        {
            (string name, ReadOnlyMemory<byte> content) = _scenario
                ?? throw new ApiException(StatusCodes.Status400BadRequest, "there is no part 'scenario'") { Place = "scenario" };
            string? duration = _fields.GetValueOrDefault("for");
            if (duration is not null && Quantity.Time(duration) is not { Amount: > 0 })
            {
                throw new ApiException(StatusCodes.Status400BadRequest, $"this is no time ({Quantity.TimeHelp})") { Place = "for" };
            }

            return new Upload(name, content, _files, duration, _fields.GetValueOrDefault("paused") switch
            {
                null or "false" => false,
                "true" => true,
                _ => throw new ApiException(StatusCodes.Status400BadRequest, "paused is true or false") { Place = "paused" },
            });
        }

        private static ApiException Twice(string place, string what) =>
            new(StatusCodes.Status400BadRequest, $"there are two of {what}") { Place = place };
    }
}
