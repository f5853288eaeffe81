using System.Buffers.Binary;
using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Memory;

/// <summary>Reads stage-1 descriptors, through stage 2, and counts what it read. SCTLR.EE gives their byte order.</summary>
internal ref struct DescriptorReader(VcpuContext vcpu, PhysicalMemory memory)
{
    private const uint SctlrBigEndian = 1 << 25;
    private readonly bool swapped = (vcpu.Cp15.Sctlr & SctlrBigEndian) != 0;
    private Stage2Result second;
    private ulong last;

    /// <summary>Descriptors read, of both stages.</summary>
    internal int Reads { get; private set; }

    internal bool TryReadWord(ulong at, out uint descriptor)
    {
        descriptor = 0;
        bool answered = Locate(at) && memory.TryReadWord(second.Pa, out descriptor);
        descriptor = swapped ? BinaryPrimitives.ReverseEndianness(descriptor) : descriptor;
        return answered;
    }

    internal bool TryReadDoubleWord(ulong at, out ulong descriptor)
    {
        descriptor = 0;
        bool answered = Locate(at) && memory.TryReadDoubleWord(second.Pa, out descriptor);
        descriptor = swapped ? BinaryPrimitives.ReverseEndianness(descriptor) : descriptor;
        return answered;
    }

    /// <summary>What the walk gives after a descriptor that could not be read.</summary>
    internal readonly Stage1Result Unreadable(int level, uint domain) => new()
    {
        Fault = new MemoryFault(FaultKind.ExternalOnWalk, level),
        Domain = domain,
        WalkFault = second,
        WalkAddress = new Ipa(last),
        DescriptorReads = Reads,
    };

    private bool Locate(ulong at)
    {
        last = at;
        second = Stage2Walk.Translate(vcpu.Hyp, memory, new Ipa(at)).Check(MemoryAccess.Read);
        Reads += second.DescriptorReads + 1;
        return second.IsMapped;
    }
}
