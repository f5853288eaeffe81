namespace ActorTrace.Hosting.Tests.Scenarios;

/// <summary>A small good scenario, and the real RTOS image beside it.</summary>
internal static class ScenarioText
{
    public const string Good = """
        name: small
        duration: 10ms
        board:
          preset: custom
          cores: 2
          clock: {core: 1GHz, timer: 62.5MHz, cyclesPerInstruction: 64}
        hypervisor: none
        guests:
          - name: ucos
            core: 0
            elf: rtos.elf
        """;

    public static byte[] RtosImage { get; } = File.ReadAllBytes(Checkout.File("guests", "rtos", "bin", "rtos.elf"));

    /// <summary>Writes the scenario and its image; the text may be changed.</summary>
    public static string WriteTo(TempFolder folder, string? replace = null, string with = "")
    {
        folder.Write("rtos.elf", RtosImage);
        string text = replace is null ? Good : Good.Replace(replace, with, StringComparison.Ordinal);
        return folder.Write("s.yaml", text);
    }
}
