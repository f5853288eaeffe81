using System.Text;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Merge;
using static ActorTrace.Traces.Tests.Formats.MemorySource;

namespace ActorTrace.Traces.Tests.Formats.Reading.Fuzzing;

/// <summary>Good files of every kind, to be damaged.</summary>
internal static class SeedFiles
{
    /// <summary>The files; the real captures are among them where they are there.</summary>
    public static IReadOnlyList<byte[]> Make()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("actortrace");
        try
        {
            var files = new List<byte[]>();
            MemorySource source = Run();
            foreach (TraceFormat format in (TraceFormat[])[TraceFormats.TraceDat, TraceFormats.TraceDat7.Compressed("none"), TraceFormats.TraceDat7.Compressed("zstd"), TraceFormats.Ftrace])
            {
                string path = Path.Combine(folder.FullName, "seed" + format.Extension);
                format.ToFile(new Replay(source, TraceView.Board), path);
                files.Add(File.ReadAllBytes(path));
            }

            byte[] text = files[^1];
            files.Add([.. Encoding.UTF8.GetBytes("<!DOCTYPE html>\n<script class=\"trace-data\" type=\"application/text\">\n"), .. text, .. Encoding.UTF8.GetBytes("</script>\n")]);
            foreach (KernelLayout layout in KernelLayout.All)
            {
                files.Add(layout.Write(KernelTrace.Sample));
            }

            string? captures = Environment.GetEnvironmentVariable("ACTORTRACE_CAPTURES");
            if (!string.IsNullOrEmpty(captures) && Directory.Exists(captures))
            {
                // A text is as good where it is cut.
                const int most = 1 << 18;
                files.AddRange(Directory.EnumerateFiles(captures, "*.txt").Order(StringComparer.Ordinal).Select(path => File.ReadAllBytes(path).Take(most).ToArray()));
                files.AddRange(Directory.EnumerateFiles(captures, "*.dat").Order(StringComparer.Ordinal).Select(File.ReadAllBytes));
            }

            return files;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static MemorySource Run()
    {
        var source = new MemorySource();
        var a = new TaskReference(2001, "RTOS-Task1", 10);
        var idle = new TaskReference(0, "swapper/1", 120);
        for (ulong i = 0; i < 20; i++)
        {
            ulong at = i * 50_000_000;
            var instant = new VirtualInstant(at);
            source.AddLane(
                1, Switch(1, at, idle, 0, a), Wakeup(1, at, a, new TaskReference(2002, "b c", 11)), Marker(1, at, a, new string('m', (int)i * 10)),
                new FunctionHitRecord(default, instant, instant, Rtos, new CoreId(1), a, "OSTimeDly", 1, 2, 3),
                new FunctionReturnRecord(default, instant, instant, Rtos, new CoreId(1), a, "OSTimeDly", 1, 2, 3, instant),
                new IrqRecord(default, instant, instant, Rtos, new CoreId(1), a, 30, "timer", IsEntry: true),
                new IpiRecord(default, instant, instant, Rtos, new CoreId(1), a, "Rescheduling interrupts", 3, InterruptPhase.Raise),
                new ForeignRecord(default, instant, instant, Rtos, new CoreId(1), a, "x", "y", "z=1"), Lost(1, at + 1, i), Switch(1, at + 1, a, 1, idle));
            source.AddLane(0, Marker(0, at, new TaskReference(5, "five", 120), "B|5|x"));
        }

        return source;
    }
}
