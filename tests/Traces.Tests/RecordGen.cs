using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;
using CsCheck;

namespace ActorTrace.Traces.Tests;

/// <summary>Generators of arbitrary records.</summary>
internal static class RecordGen
{
    public static readonly Gen<VirtualInstant> Instant = Gen.ULong.Select(cycles => new VirtualInstant(cycles));

    public static readonly Gen<Stamp> Stamp =
        Gen.Select(Instant, Gen.UShort, Gen.ULong, (at, source, sequence) => new Stamp(at, new SourceId(source), sequence));

    public static readonly Gen<VcpuId> Vcpu = Gen.Select(Gen.Byte, Gen.Byte, (guest, index) => new VcpuId(new GuestId(guest), index));

    public static readonly Gen<string> Comm = Gen.Char[' ', '~'].Array[0, 15].Select(chars => new string(chars));

    public static readonly Gen<string> Text = Gen.Char['\u0001', '\u00FF'].Array[0, 40].Select(chars => new string(chars));

    public static readonly Gen<TaskReference> Task =
        Gen.Select(Gen.Int, Comm, Gen.Int, (pid, comm, priority) => new TaskReference(pid, comm, priority));

    private static readonly Gen<(Stamp, VirtualInstant, VirtualInstant, VcpuId, CoreId, TaskReference)> Lane =
        Gen.Select(Stamp, Instant, Instant, Vcpu, Gen.Byte, Task, (s, a, b, v, c, t) => (s, a, b, v, new CoreId(c), t));

    private static readonly Gen<TraceRecord> Step =
        Gen.Select(Stamp, Gen.Byte, Instant, Instant, Vcpu, Gen.UInt, Gen.ULong, (s, n, a, b, v, pc, d) => (TraceRecord)new StepRecord(
            s, (StepKind)n, (CostCategory)(n / 2), VirtualInstant.Min(a, b), VirtualInstant.Max(a, b), new CoreId(n), v, pc, d, ~d));

    private static readonly Gen<TraceRecord> Console =
        Gen.Select(Stamp, Instant, Vcpu, Text, (s, a, v, t) => (TraceRecord)new ConsoleRecord(s, a, v, t));

    private static readonly Gen<TraceRecord> GuestState =
        Gen.Select(Stamp, Instant, Vcpu, Text, Text, (s, a, v, t, u) => (TraceRecord)new GuestStateRecord(s, a, v, t, u));

    private static readonly Gen<TraceRecord> Switch =
        Gen.Select(Lane, Gen.UInt, Task, (l, state, next) => (TraceRecord)new SwitchRecord(l.Item1, l.Item2, l.Item3, l.Item4, l.Item5, l.Item6, state, next));

    private static readonly Gen<TraceRecord> Wakeup =
        Gen.Select(Lane, Task, Gen.Bool, (l, task, derived) => (TraceRecord)new WakeupRecord(l.Item1, l.Item2, l.Item3, l.Item4, l.Item5, l.Item6, task, derived));

    private static readonly Gen<TraceRecord> Hit =
        Gen.Select(Lane, Text, Gen.UInt, (l, text, pc) => (TraceRecord)new FunctionHitRecord(l.Item1, l.Item2, l.Item3, l.Item4, l.Item5, l.Item6, text, pc, ~pc, pc / 2));

    private static readonly Gen<TraceRecord> HitWithStack =
        Gen.Select(Hit, Gen.UInt, Gen.UInt, (hit, a, b) => (TraceRecord)((FunctionHitRecord)hit with { Stack = new StackTop(a, b, ~a, ~b) }));

    private static readonly Gen<TraceRecord> Return =
        Gen.Select(Lane, Text, Gen.UInt, Instant, (l, text, pc, entered) => (TraceRecord)new FunctionReturnRecord(
            l.Item1, l.Item2, l.Item3, l.Item4, l.Item5, l.Item6, text, pc, ~pc, pc / 2, entered));

    private static readonly Gen<TraceRecord> Irq =
        Gen.Select(Lane, Gen.Int, Text, Gen.Bool, (l, irq, text, entry) => (TraceRecord)new IrqRecord(l.Item1, l.Item2, l.Item3, l.Item4, l.Item5, l.Item6, irq, text, entry));

    private static readonly Gen<TraceRecord> Marker =
        Gen.Select(Lane, Text, (l, text) => (TraceRecord)new MarkerRecord(l.Item1, l.Item2, l.Item3, l.Item4, l.Item5, l.Item6, text));

    private static readonly Gen<TraceRecord> Lost =
        Gen.Select(Lane, Gen.ULong, (l, count) => (TraceRecord)new LostRecordsRecord(l.Item1, l.Item2, l.Item3, l.Item4, l.Item5, l.Item6, count));

    private static readonly Gen<TraceRecord> WakeupElsewhere =
        Gen.Select(Wakeup, Gen.Int, (wakeup, target) => (TraceRecord)((WakeupRecord)wakeup with { TargetCpu = target }));

    private static readonly Gen<TraceRecord> Kernel =
        Gen.Select(Lane, Gen.ULong, Text, Text, Gen.Int[0, 2], Gen.Int[0, 3], (l, n, text, name, phase, kind) => (TraceRecord)(kind switch
        {
            0 => new SoftirqRecord(l.Item1, l.Item2, l.Item3, l.Item4, l.Item5, l.Item6, (uint)n, (InterruptPhase)phase),
            1 => new IpiRecord(l.Item1, l.Item2, l.Item3, l.Item4, l.Item5, l.Item6, text, n, (InterruptPhase)phase),
            2 => new CpuIdleRecord(l.Item1, l.Item2, l.Item3, l.Item4, l.Item5, l.Item6, (uint)n),
            _ => new ForeignRecord(l.Item1, l.Item2, l.Item3, l.Item4, l.Item5, l.Item6, name, text, text),
        }));

    private static readonly Gen<TraceRecord> Control =
        Gen.Select(Stamp, Instant, Text, Text, Text, (s, a, f, v, r) => (TraceRecord)new ControlRecord(s, a, f, v, r));

    private static readonly Gen<TraceRecord> Counts =
        Gen.Select(Stamp, Vcpu, Gen.UShort, Text, Gen.ULong, (s, v, p, t, n) => (TraceRecord)new ProbeCountsRecord(
            s, p, v, (ushort)~p, t, t + "!", n, n / 2, n / 3, n / 4, n / 5, n / 6, n / 7));

    private static readonly Gen<TraceRecord> End =
        Gen.Select(Stamp, Instant, Text, Gen.ULong, (s, a, t, n) => (TraceRecord)new RunEndRecord(s, a, t, n));

    /// <summary>Any record of the catalogue.</summary>
    public static readonly Gen<TraceRecord> Any =
        Gen.OneOf(Step, Console, GuestState, Switch, Wakeup, WakeupElsewhere, Kernel, Hit, HitWithStack, Return, Irq, Marker, Lost, Control, Counts, End);
}
