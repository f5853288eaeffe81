using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace ActorTrace.Service.Tests.Process;

/// <summary>What the tests ask the service for.</summary>
internal static class ServiceCalls
{
    public const string Runs = "/api/v1/runs";

    private static readonly string[] Images = ["guests/rtos/bin/rtos.elf", "guests/gpos/bin/gpos.elf"];

    /// <summary>The paper's scenario with the images that it names.</summary>
    public static MultipartFormDataContent Paper(string duration, bool paused = false, Func<string, string>? edit = null)
    {
        string text = File.ReadAllText(Checkout.PathOf("scenarios/arndale.yaml"));
        var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(Encoding.UTF8.GetBytes(edit is null ? text : edit(text))), "scenario", "arndale.yaml" },
            { new StringContent(duration), "for" },
            { new StringContent(paused ? "true" : "false"), "paused" },
        };
        foreach (string image in Images)
        {
            form.Add(new ByteArrayContent(File.ReadAllBytes(Checkout.PathOf(image))), "file", Path.GetFileName(image));
        }

        return form;
    }

    /// <summary>The scenario without its script.</summary>
    public static string Untraced(string text) => text[..text.IndexOf("control:", StringComparison.Ordinal)];

    /// <summary>Starts a run; answers its id.</summary>
    public static async Task<string> StartAsync(this HttpClient client, string duration, bool paused = false, Func<string, string>? edit = null)
    {
        using MultipartFormDataContent form = Paper(duration, paused, edit);
        using HttpResponseMessage response = await client.PostAsync(Runs, form);
        string answer = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.Created, $"{response.StatusCode} {answer}");
        JsonElement run = Parse(answer);
        string id = run.GetProperty("id").GetString()!;
        Assert.Equal($"{Runs}/{id}", response.Headers.Location?.OriginalString);
        return id;
    }

    public static async Task<JsonElement> AskAsync(this HttpClient client, string id, string what = "") =>
        Parse(await client.GetStringAsync(id.Length == 0 ? Runs + what : $"{Runs}/{id}{what}"));

    public static async Task<JsonElement> PostAsync(this HttpClient client, string id, string what, string? json = null)
    {
        using var body = new StringContent(json ?? "", Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await client.PostAsync($"{Runs}/{id}/{what}", body);
        string answer = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode} {answer}");
        return Parse(answer);
    }

    public static string State(this JsonElement run) => run.GetProperty("state").GetString()!;

    /// <summary>Waits until a run is over; answers it.</summary>
    public static Task<JsonElement> EndAsync(this HttpClient client, string id) =>
        client.WaitAsync(id, run => run.State() is not ("running" or "paused" or "repeating"));

    public static async Task<JsonElement> WaitAsync(this HttpClient client, string id, Func<JsonElement, bool> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (true)
        {
            JsonElement run = await client.AskAsync(id);
            if (holds(run))
            {
                return run;
            }

            await Task.Delay(50, patience.Token);
        }
    }

    /// <summary>echo VALUE > FILE.</summary>
    public static async Task<(HttpStatusCode Status, string Text)> EchoAsync(this HttpClient client, string id, string file, string value)
    {
        using var body = new StringContent(value + "\n", Encoding.UTF8, "text/plain");
        using HttpResponseMessage response = await client.PutAsync($"{Runs}/{id}/control/trace/{file}", body);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>cat FILE.</summary>
    public static Task<string> CatAsync(this HttpClient client, string id, string file) => client.GetStringAsync($"{Runs}/{id}/control/{file}");

    public static async Task DownloadAsync(this HttpClient client, string id, string what, string path)
    {
        using HttpResponseMessage response = await client.GetAsync($"{Runs}/{id}/{what}", HttpCompletionOption.ResponseHeadersRead);
        Assert.True(response.IsSuccessStatusCode, string.Create(CultureInfo.InvariantCulture, $"{what}: {(int)response.StatusCode}"));
        await using FileStream file = File.Create(path);
        await response.Content.CopyToAsync(file);
    }

    public static Task<HttpResponseMessage> EventsAsync(this HttpClient client, string id, string query = "") =>
        client.GetAsync($"{Runs}/{id}/events{query}", HttpCompletionOption.ResponseHeadersRead);

    private static JsonElement Parse(string text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
