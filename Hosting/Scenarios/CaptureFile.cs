using System.Globalization;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Actors.Scenarios.Captures;
using ActorTrace.Hosting.Yaml;
using ActorTrace.Machine.Values;

namespace ActorTrace.Hosting.Scenarios;

/// <summary>Reads the key `capture` of a workload: the recorded load of one CPU.</summary>
internal static class CaptureFile
{
    /// <summary>The bursts of the CPU.</summary>
    public static IReadOnlyList<CapturedBurst> Read(MapReader capture, ClockRates clock, RecordedFiles files)
    {
        string path = capture.RequiredText("file", "e.g. 'file: $ACTORTRACE_CAPTURES/android.txt'");
        ulong cpu = capture.Integer("cpu", 0, 255) ?? throw capture.Missing("cpu", "e.g. 'cpu: 0'");
        capture.Done();
        ReadOnlyMemory<byte> content = GuestReader.Placed(capture, "file", () => files.Read(path, RecordedFiles.MaxCaptureBytes));
        try
        {
            using var stream = new MemoryStream(content.ToArray(), writable: false);
            return CaptureReader.Read(stream, (int)cpu, clock).Bursts;
        }
        catch (CaptureException e)
        {
            string place = e.Place switch
            {
                null => path,
                { IsLine: true } line => string.Create(CultureInfo.InvariantCulture, $"{path}:{line.Number}"),
                { } offset => $"{path}, {offset}",
            };
            throw new InputException(
                place, e.Message, $"a trace.dat, or ftrace or systrace text, with sched_switch events is needed, named at {capture.Place}");
        }
    }
}
