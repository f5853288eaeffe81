using System.Net;

namespace ActorTrace.Service.Tests.Process;

/// <summary>How the service is started.</summary>
public sealed class ServeTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actortrace");

    private string Data => Path.Combine(_folder.FullName, "data");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task An_address_that_others_reach_is_warned_of_unless_there_is_a_token()
    {
        foreach ((string[] options, bool warned) in new[]
        {
            (new[] { "--urls", "http://0.0.0.0:0" }, true),
            (["--urls", "http://0.0.0.0:0", "--token", "long-enough"], false),
            ([], false),
        })
        {
            using ServiceProcess service = ServiceProcess.Start(Data, options);
            using var client = new HttpClient { BaseAddress = new UriBuilder(service.Address) { Host = "127.0.0.1" }.Uri };
            Assert.Equal(options.Contains("--token", StringComparer.Ordinal) ? HttpStatusCode.Unauthorized : HttpStatusCode.OK, (await client.GetAsync(ServiceCalls.Runs)).StatusCode);
            service.Kill();
            Assert.Equal(warned, (await service.Errors).Contains("whoever reaches this address may use the service", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_folder_has_one_service()
    {
        using ServiceProcess first = ServiceProcess.Start(Data);
        InvalidOperationException second = Assert.Throws<InvalidOperationException>(() => ServiceProcess.Start(Data));
        Assert.Contains("is used by another service", second.Message, StringComparison.Ordinal);
    }
}
