using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ActorTrace.Machine.Values;

namespace ActorTrace.Traces.Spans;

/// <summary>Identities that follow from the run and from what a span stands for: a second export makes the same ones.</summary>
/// <param name="inputs">Identity of what the run was made from.</param>
/// <param name="run">Its id: the same inputs may be run again.</param>
internal sealed class SpanIds(ulong inputs, string run)
{
    private readonly ulong _run = Mix(inputs, BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(run))));

    /// <summary>What a trace is about; kept apart in their identities.</summary>
    public enum Subject : ulong
    {
        Run = 1,
        Chain = 2,
        TaskLane = 3,
        VcpuLane = 4,
    }

    /// <summary>The span of the whole run.</summary>
    public SpanId Run => Of(Subject.Run, 0, 0);

    /// <summary>The first span of a trace.</summary>
    /// <param name="subject">What the trace is about.</param>
    /// <param name="number">Which of these.</param>
    /// <param name="part">Which part of it, as a trace has a bounded number of spans.</param>
    public SpanId Of(Subject subject, ulong number, ulong part)
    {
        ulong high = Mix(Mix(Mix(_run, (ulong)subject), number), part);
        ulong low = Mix(high, ~number);
        return new SpanId(new UInt128(high, low), Mix(low, 0));
    }

    /// <summary>The first span of a causal chain.</summary>
    public SpanId Of(in Stamp cause, ulong part) => Of(Subject.Chain, Mix(Mix(cause.At.Cycles, cause.Source.Value), cause.Sequence), part);

    /// <summary>A further span of a trace.</summary>
    /// <param name="first">The trace's first span.</param>
    /// <param name="number">The number of the span in the trace, from 1 on.</param>
    public static SpanId Next(SpanId first, ulong number) => first with { Span = Mix(first.Span, number) };

    /// <summary>One step of splitmix64 over both; never 0, which no identity may be.</summary>
    private static ulong Mix(ulong state, ulong value)
    {
        ulong mixed = state + 0x9E37_79B9_7F4A_7C15 + value * 0xD6E8_FEB8_6659_FD93;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58_476D_1CE4_E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D0_49BB_1331_11EB;
        mixed ^= mixed >> 31;
        return mixed == 0 ? 1 : mixed;
    }
}
