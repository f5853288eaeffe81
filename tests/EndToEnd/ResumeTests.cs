using System.Diagnostics;

namespace ActorTrace.EndToEnd;

/// <summary>A run whose process is killed, at whatever moment, is continued to the journal of an undisturbed run.</summary>
public sealed class ResumeTests(ResumeTests.Undisturbed undisturbed) : IClassFixture<ResumeTests.Undisturbed>, IDisposable
{
    private const string Duration = "700ms";

    private static readonly string Executable = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "actortrace.exe" : "actortrace");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actortrace");

    private string Journal => Path.Combine(_folder.FullName, "j.atj");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void A_killed_run_goes_on_to_the_hash_of_an_undisturbed_one(int seed)
    {
        var random = new Random(seed);
        Kill(Start("run", Workspace.Scenario("arndale"), "--for", Duration, "--journal", Journal), random);
        if (random.Next(2) == 0)
        {
            Kill(Start("resume", Journal), random);
        }

        (int code, string output, string errors) = Finish(Start("resume", Journal));

        // Killed behind its end there is nothing left to do.
        if (code == 2)
        {
            Assert.Contains("was written to its end", errors, StringComparison.Ordinal);
            output = Finish(Start("inspect", Journal)).Output;
        }

        Assert.Contains(undisturbed.Hash, output, StringComparison.Ordinal);
        Assert.Contains(undisturbed.Hash, Finish(Start("verify", Journal)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_was_written_to_its_end_is_not_resumed()
    {
        byte[] before = File.ReadAllBytes(undisturbed.Journal);
        (int code, string output, string errors) = Finish(Start("resume", undisturbed.Journal));

        Assert.Equal((2, ""), (code, output));
        Assert.Contains("was written to its end (see 'actortrace list'", errors, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(undisturbed.Journal));
    }

    /// <summary>Kills a process some time after its journal has something in it.</summary>
    private void Kill(Process process, Random random)
    {
        var wall = Stopwatch.StartNew();
        while (!process.HasExited && (!File.Exists(Journal) || wall.Elapsed < TimeSpan.FromSeconds(30)) && !HasRun())
        {
            Thread.Sleep(5);
        }

        Thread.Sleep(random.Next(1_500));
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    private bool HasRun() => File.Exists(Journal) && Finish(Start("list", Journal)).Output.Contains("arndale", StringComparison.Ordinal);

    private static (int Code, string Output, string Errors) Finish(Process process)
    {
        using (process)
        {
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, errors.GetAwaiter().GetResult());
        }
    }

    private static Process Start(params string[] arguments) => Process.Start(
        new ProcessStartInfo(Executable, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;

    public sealed class Undisturbed : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actortrace");

        public Undisturbed()
        {
            (int code, string output, string errors) = Finish(Start("run", Workspace.Scenario("arndale"), "--for", Duration, "--journal", Journal));
            Assert.True(code == 0, errors);
            Hash = output.Split('\n').Single(line => line.StartsWith("run hash", StringComparison.Ordinal)).Split(' ')[^1];
        }

        public string Journal => Path.Combine(_folder.FullName, "whole.atj");

        public string Hash { get; }

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
