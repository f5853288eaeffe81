using ActorTrace.Traces.Formats.Reading;

namespace ActorTrace.Traces.Formats.FtraceText.Reading;

internal sealed class FtraceTextFile(Stream stream) : TraceFile
{
    public override string Format => "ftrace text";
    public override int Cpus => 1;
    public override TracePlace Place => TracePlace.Line(0);
    public static bool Recognizes(ReadOnlySpan<byte> first) => !first.Contains((byte)0);
    public override TraceFileCounts Send(ITraceEventSink sink, EventTypes types) => throw new NotSupportedException();
    protected override void Dispose(bool disposing) => stream.Dispose();
}
