using System.Diagnostics;
using Xunit;

namespace ActorTrace.Tidy;

public class DeploymentTests
{
    private static readonly string[] Deployed = ["Dockerfile", "compose.yaml", "actortrace.service"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public void What_deploys_the_service_is_sound_as_far_as_this_machine_can_tell()
    {
        using var check = Process.Start(new ProcessStartInfo("sh", Path.Combine(Checkout.Root, "ops", "check-deployment.sh"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> error = check.StandardError.ReadToEndAsync();
        string output = check.StandardOutput.ReadToEnd();

        Assert.True(check.WaitForExit(Patience));
        Assert.True(check.ExitCode == 0, output + error.Result);
        Assert.All(Deployed, file => Assert.Contains(file, output, StringComparison.Ordinal));
    }
}
