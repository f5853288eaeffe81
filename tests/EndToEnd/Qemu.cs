using System.ComponentModel;
using System.Diagnostics;

namespace ActorTrace.EndToEnd;

/// <summary>The unmodified QEMU, one instruction = 64 ns.</summary>
internal static class Qemu
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Console text of an image up to the line that begins with the mark, that line included.</summary>
    public static string Console(string image, string mark, int cores = 1)
    {
        using TemporaryFolder folder = Workspace.Temporary();
        string console = folder.File("console");
        ProcessStartInfo start = new(
            "qemu-system-arm",
            [
                "-M", "virt", "-cpu", "cortex-a15", "-smp", $"{cores}", "-display", "none", "-monitor", "none", "-nic", "none",
                "-icount", "shift=6,sleep=off", "-serial", "file:" + console, "-kernel", image,
            ]);
        Process qemu;
        try
        {
            qemu = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new SkipException("qemu-system-arm is not installed", e);
        }

        using (qemu)
        {
            try
            {
                Stopwatch waited = Stopwatch.StartNew();
                while (true)
                {
                    string text = File.Exists(console) ? File.ReadAllText(console) : string.Empty;
                    int at = text.IndexOf(mark, StringComparison.Ordinal);
                    int end = at < 0 ? -1 : text.IndexOf('\n', at);
                    if (end >= 0)
                    {
                        return text[..(end + 1)];
                    }

                    Assert.False(qemu.HasExited, "QEMU ended early");
                    Assert.True(waited.Elapsed < Patience, $"no '{mark}' in: {text}");
                    Thread.Sleep(20);
                }
            }
            finally
            {
                qemu.Kill();
                qemu.WaitForExit();
            }
        }
    }
}
