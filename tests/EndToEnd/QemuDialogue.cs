using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace ActorTrace.EndToEnd;

/// <summary>A guest on the unmodified QEMU, at whose console texts are typed when it has printed what they wait for.</summary>
internal static class QemuDialogue
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>What is printed up to the last text that is waited for, that included.</summary>
    /// <param name="arguments">QEMU's arguments beside those of the console.</param>
    /// <param name="typed">What to wait for, and what to type then; nothing is typed for the last.</param>
    public static string Run(IReadOnlyList<string> arguments, params ReadOnlySpan<(string After, string Text)> typed)
    {
        ProcessStartInfo start = new("qemu-system-arm", [.. arguments, "-display", "none", "-monitor", "none", "-serial", "stdio"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.Latin1,
            StandardInputEncoding = Encoding.Latin1,
        };
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
            using Timer guard = new(_ => qemu.Kill(), null, Patience, Timeout.InfiniteTimeSpan);
            Task<string> errors = qemu.StandardError.ReadToEndAsync();
            try
            {
                StringBuilder printed = new();
                foreach ((string after, string text) in typed)
                {
                    WaitFor(qemu.StandardOutput, printed, after);
                    qemu.StandardInput.Write(text);
                    qemu.StandardInput.Flush();
                }

                return printed.ToString();
            }
            finally
            {
                qemu.Kill();
                qemu.WaitForExit();
                errors.GetAwaiter().GetResult();
            }
        }
    }

    private static void WaitFor(StreamReader output, StringBuilder printed, string awaited)
    {
        StringBuilder seen = new();
        while (!seen.ToString().EndsWith(awaited, StringComparison.Ordinal))
        {
            int next = output.Read();
            Assert.True(next >= 0, $"QEMU ended before '{awaited}', after: {printed}");
            printed.Append((char)next);
            seen.Append((char)next);
        }
    }
}
