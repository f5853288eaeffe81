using ActorTrace.Traces.Formats.FtraceText;
using ActorTrace.Traces.Formats.TraceDat;

namespace ActorTrace.Traces.Formats;

/// <summary>All formats that a run can be replayed into.</summary>
public static class TraceFormats
{
    /// <summary>trace.dat, version 6.</summary>
    public static readonly TraceFormat TraceDat = new TraceDatFormat();

    /// <summary>ftrace text.</summary>
    public static readonly TraceFormat Ftrace = new FtraceTextFormat();

    /// <summary>All of them, the default first.</summary>
    public static readonly IReadOnlyList<TraceFormat> All = [TraceDat, Ftrace];

    /// <summary>The format of a name, null where there is none.</summary>
    public static TraceFormat? Find(string name) => All.FirstOrDefault(f => string.Equals(f.Name, name, StringComparison.Ordinal));
}
