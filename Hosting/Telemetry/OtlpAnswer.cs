using Google.Protobuf;

namespace ActorTrace.Hosting.Telemetry;

/// <summary>What a receiver did with a request.</summary>
internal enum OtlpOutcome
{
    /// <summary>It took the spans, all or all but some.</summary>
    Accepted,

    /// <summary>Not now: the same request may be sent again.</summary>
    Retry,

    /// <summary>Never.</summary>
    Refused,
}

/// <summary>A receiver's answer to a request.</summary>
/// <param name="Outcome">What it did.</param>
/// <param name="Rejected">Accepted: spans that it left out; sending them again would not help.</param>
/// <param name="Message">What it said, or what failed.</param>
/// <param name="Wait">Retry: how long it asks to wait; null where it does not say.</param>
internal sealed record OtlpAnswer(OtlpOutcome Outcome, long Rejected, string Message, TimeSpan? Wait = null)
{
    /// <summary>Reads an ExportTraceServiceResponse: partial_success 1 (rejected_spans 1, error_message 2).</summary>
    public static OtlpAnswer Read(byte[] response)
    {
        try
        {
            var outer = new CodedInputStream(response);
            while (outer.ReadTag() is not 0 and var tag)
            {
                if (WireFormat.GetTagFieldNumber(tag) == 1)
                {
                    return ReadPartial(outer.ReadBytes());
                }

                outer.SkipLastField();
            }

            return new OtlpAnswer(OtlpOutcome.Accepted, 0, string.Empty);
        }
        catch (InvalidProtocolBufferException)
        {
            return new OtlpAnswer(OtlpOutcome.Refused, 0, "the answer is no ExportTraceServiceResponse");
        }
    }

    private static OtlpAnswer ReadPartial(ByteString bytes)
    {
        CodedInputStream inner = bytes.CreateCodedInput();
        long rejected = 0;
        string message = string.Empty;
        while (inner.ReadTag() is not 0 and var tag)
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case 1: rejected = inner.ReadInt64(); break;
                case 2: message = inner.ReadString(); break;
                default: inner.SkipLastField(); break;
            }
        }

        return new OtlpAnswer(OtlpOutcome.Accepted, rejected, message);
    }
}
