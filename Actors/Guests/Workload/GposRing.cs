using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Guests.Workload;

/// <summary>A trace ring as the GPOS sees it.</summary>
/// <param name="Index">Its number.</param>
/// <param name="Vcpu">The vCPU whose hits it holds.</param>
/// <param name="Core">The core that vCPU is pinned to.</param>
/// <param name="Lane">The lane of the trace buffer that its records are converted into.</param>
/// <param name="Memory">Its bytes in the shared memory.</param>
public sealed record GposRing(int Index, VcpuId Vcpu, CoreId Core, int Lane, Memory<byte> Memory);
