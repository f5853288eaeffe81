using System.Diagnostics;
using System.Globalization;
using ActorTrace.Traces.Formats;

namespace ActorTrace.EndToEnd;

/// <summary>What the real process leaves behind: a whole result under its name, or none and nothing beside it.</summary>
public sealed class ResultFileTests : IClassFixture<ResultFileTests.RecordedRun>
{
    private readonly RecordedRun _run;

    public ResultFileTests(RecordedRun run) => _run = run;

    public static TheoryData<string> Formats => new(TraceFormats.All.Select(f => f.Name));

    public static TheoryData<string> Streaming => new(TraceFormats.All.Where(f => f.Streams).Select(f => f.Name));

    [Theory]
    [MemberData(nameof(Streaming))]
    public void Standard_output_gets_what_the_file_gets(string format)
    {
        using TemporaryFolder folder = Workspace.Temporary();
        Assert.Equal(0, Replay(format, "-o", folder.File("file")).Code);
        Assert.Equal(0, Shell($"\"$0\" replay \"$1\" --to {format} -o - | cat > \"$2\"", _run.Journal, folder.File("pipe")).Code);
        Assert.Equal(File.ReadAllBytes(folder.File("file")), File.ReadAllBytes(folder.File("pipe")));
    }

    [SkippableTheory]
    [MemberData(nameof(Streaming))]
    public void A_full_standard_output_is_one_line_and_an_exit_code(string format)
    {
        Skip.IfNot(File.Exists("/dev/full"), "there is no /dev/full");
        (int code, string errors) = Shell($"\"$0\" replay \"$1\" --to {format} -o - > /dev/full", _run.Journal);
        Assert.Equal(1, code);
        Assert.StartsWith("actortrace: files: No space left on device", Assert.Single(Lines(errors)), StringComparison.Ordinal);
    }

    /// <summary>A limit of the file's length fails a write as a full disk does; without executable double mappings the runtime lives with it.</summary>
    [Theory]
    [MemberData(nameof(Formats))]
    public void A_file_that_cannot_grow_leaves_nothing_behind(string format)
    {
        using TemporaryFolder folder = Workspace.Temporary();
        File.WriteAllText(folder.File("old"), "older result");
        foreach (string name in (string[])["new", "old"])
        {
            (int code, string errors) = Shell(
                $"trap '' XFSZ; ulimit -f 32; export DOTNET_EnableWriteXorExecute=0; exec \"$0\" replay \"$1\" --to {format} -o \"$2\"",
                _run.Journal, folder.File(name));
            Assert.Equal(1, code);
            Assert.StartsWith("actortrace: files: ", Assert.Single(Lines(errors)), StringComparison.Ordinal);
        }

        Assert.Equal([folder.File("old")], Directory.GetFileSystemEntries(folder.Path));
        Assert.Equal("older result", File.ReadAllText(folder.File("old")));
    }

    /// <summary>Not even root can make a file in /proc.</summary>
    [Theory]
    [MemberData(nameof(Formats))]
    public void A_folder_that_is_not_there_or_takes_nothing_is_one_line_and_an_exit_code(string format)
    {
        foreach (string path in (string[])["/nowhere/result", "/proc/result"])
        {
            (int code, string errors) = Replay(format, "-o", path);
            Assert.Equal(1, code);
            Assert.StartsWith("actortrace: files: ", Assert.Single(Lines(errors)), StringComparison.Ordinal);
        }
    }

    [SkippableFact]
    public void A_device_is_not_replaced_by_a_result()
    {
        Skip.IfNot(File.Exists("/dev/null"), "there is no /dev/null");
        Assert.All((string[])["trace.dat", "ctf", "csv"], format => Assert.Equal(1, Replay(format, "-o", "/dev/null").Code));
        Assert.Equal(0, new FileInfo("/dev/null").Length);
    }

    /// <summary>Killed at ten places of its way: whatever is there under the result's name is the whole result.</summary>
    [Theory]
    [InlineData("chrome")]
    [InlineData("trace.dat")]
    [InlineData("ctf")]
    public void A_killed_replay_leaves_no_part_of_a_result_under_its_name(string format)
    {
        using TemporaryFolder folder = Workspace.Temporary();
        Assert.Equal(0, Replay(format, "-o", folder.File("whole")).Code);
        for (int i = 1; i <= 10; i++)
        {
            string name = folder.File(string.Create(CultureInfo.InvariantCulture, $"killed{i}"));
            using Process process = Start("actortrace", ["replay", _run.Journal, "--to", format, "-o", name]);
            Thread.Sleep(40 * i);
            process.Kill();
            process.WaitForExit();
            if (File.Exists(name) || Directory.Exists(name))
            {
                Assert.Equal(Bytes(folder.File("whole")), Bytes(name));
            }
        }
    }

    private static byte[] Bytes(string path) => File.Exists(path)
        ? File.ReadAllBytes(path)
        : [.. Directory.GetFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).SelectMany(File.ReadAllBytes)];

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private (int Code, string Errors) Replay(string format, params string[] more) => Finish(Start("actortrace", ["replay", _run.Journal, "--to", format, .. more]));

    /// <summary>A shell's command; $0 is actortrace.</summary>
    private static (int Code, string Errors) Shell(string command, params string[] arguments) =>
        Finish(Start("/bin/sh", ["-c", command, Executable, .. arguments]));

    private static (int Code, string Errors) Finish(Process process)
    {
        using (process)
        {
            _ = process.StandardOutput.ReadToEndAsync();
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, errors);
        }
    }

    private static string Executable { get; } = Path.Combine(AppContext.BaseDirectory, "actortrace");

    private static Process Start(string command, string[] arguments) => Process.Start(
        new ProcessStartInfo(command is "actortrace" ? Executable : command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;

    /// <summary>A second of the paper's scenario in a journal file.</summary>
    public sealed class RecordedRun : IDisposable
    {
        private readonly TemporaryFolder _folder = Workspace.Temporary();

        public RecordedRun()
        {
            Journal = _folder.File("run.atj");
            (int code, string errors) = Finish(Start("actortrace", ["run", Workspace.Scenario("arndale"), "--for", "1s", "--journal", Journal]));
            Assert.True(code == 0, errors);
        }

        public string Journal { get; }

        public void Dispose() => _folder.Dispose();
    }
}
