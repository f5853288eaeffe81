using System.Diagnostics;
using Xunit;

namespace ActorTrace.Tidy;

public class DeploymentTests
{
    private static readonly string[] Deployed = ["Dockerfile", "compose.yaml", "actortrace.service"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task What_deploys_the_service_is_sound_as_far_as_this_machine_can_tell()
    {
        using var patience = new CancellationTokenSource(Patience);
        using var check = Process.Start(new ProcessStartInfo("sh", Path.Combine(Checkout.Root, "ops", "check-deployment.sh"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        Task<string> output = check.StandardOutput.ReadToEndAsync(patience.Token);
        Task<string> error = check.StandardError.ReadToEndAsync(patience.Token);
        await check.WaitForExitAsync(patience.Token);
        string said = await output;

        Assert.True(check.ExitCode == 0, said + await error);
        Assert.All(Deployed, file => Assert.Contains(file, said, StringComparison.Ordinal));
    }
}
