using ActorTrace.Actors.Scenarios;
using ActorTrace.Hosting.Scenarios;
using ActorTrace.Hosting.Yaml;
using ActorTrace.Machine.Images;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Spans;

namespace ActorTrace.Hosting.Telemetry;

/// <summary>Names the places in a run's guests by the symbols of their images, which the manifest holds: the same while it runs and later.</summary>
internal static class ImageSymbols
{
    /// <summary>The names of a run's places; null where its images are not known (an imported trace, a scenario of another version).</summary>
    public static SymbolName? Of(RunManifest manifest)
    {
        if (manifest.ImportedFrom is not null)
        {
            return null;
        }

        try
        {
            Scenario scenario = ScenarioLoader.Load(manifest.Name, manifest.Scenario, new StoredScenarioFiles(manifest.Files));
            SymbolTable[] symbols = [.. scenario.Guests.Select(guest => guest.Image.Symbols)];
            return (guest, address) => guest < symbols.Length ? symbols[guest].Describe(new GuestVa(address)) : new GuestVa(address).ToString();
        }
        catch (InputException)
        {
            return null;
        }
    }
}
