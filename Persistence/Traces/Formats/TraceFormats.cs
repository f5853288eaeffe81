using ActorTrace.Traces.Formats.Chrome;
using ActorTrace.Traces.Formats.Csv;
using ActorTrace.Traces.Formats.Ctf;
using ActorTrace.Traces.Formats.FtraceText;
using ActorTrace.Traces.Formats.PerfData;
using ActorTrace.Traces.Formats.Perfetto;
using ActorTrace.Traces.Formats.TraceDat;
using ActorTrace.Traces.Formats.TraceDat.Sets;

namespace ActorTrace.Traces.Formats;

/// <summary>All formats that a run can be replayed into.</summary>
public static class TraceFormats
{
    /// <summary>trace.dat, version 6.</summary>
    public static readonly TraceFormat TraceDat = new TraceDat6Format();

    /// <summary>trace.dat, version 7.</summary>
    public static readonly TraceFormat TraceDat7 = new TraceDat7Format(TraceDatCompression.All[0]);

    /// <summary>trace.dat of the host and of each guest.</summary>
    public static readonly TraceFormat TraceDatSet = new TraceDatSetFormat();

    /// <summary>ftrace text.</summary>
    public static readonly TraceFormat Ftrace = new FtraceTextFormat();

    /// <summary>perf.data.</summary>
    public static readonly TraceFormat Perf = new PerfDataFormat();

    /// <summary>CTF 1.8.</summary>
    public static readonly TraceFormat Ctf = new CtfFormat();

    /// <summary>Perfetto's protobuf.</summary>
    public static readonly TraceFormat Perfetto = new PerfettoFormat();

    /// <summary>Chrome's JSON.</summary>
    public static readonly TraceFormat Chrome = new ChromeFormat();

    /// <summary>A table.</summary>
    public static readonly TraceFormat Csv = new CsvFormat();

    /// <summary>All of them, the default first.</summary>
    public static readonly IReadOnlyList<TraceFormat> All = [TraceDat, TraceDat7, TraceDatSet, Ftrace, Perf, Ctf, Perfetto, Chrome, Csv];

    /// <summary>The format of a name, null where there is none.</summary>
    public static TraceFormat? Find(string name) => All.FirstOrDefault(f => string.Equals(f.Name, name, StringComparison.Ordinal));
}
