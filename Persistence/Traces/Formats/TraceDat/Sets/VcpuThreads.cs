using System.Globalization;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Traces.Formats.TraceDat.Sets;

/// <summary>The virtual CPUs as the threads that a Linux host would run them in.</summary>
/// <param name="guests">The guests of the run.</param>
internal sealed class VcpuThreads(IReadOnlyList<GuestManifest> guests)
{
    /// <summary>Above Linux's limit for pids (4194304): no guest's task has such a number.</summary>
    public const int FirstPid = 5_000_000;

    private const int PidsOfGuest = 1000;
    private const int NormalPriority = 120;

    private readonly Dictionary<VcpuId, TaskReference> _known = [];

    /// <summary>The pid of a virtual CPU's thread: the same in every run of a scenario.</summary>
    public static int PidOf(VcpuId vcpu) => FirstPid + (vcpu.Guest.Index * PidsOfGuest) + vcpu.Index;

    /// <summary>The thread of a virtual CPU.</summary>
    public TaskReference Of(VcpuId vcpu)
    {
        if (!_known.TryGetValue(vcpu, out TaskReference thread))
        {
            string guest = vcpu.Guest.Index < guests.Count ? guests[vcpu.Guest.Index].Name : "?";
            thread = new TaskReference(PidOf(vcpu), string.Create(CultureInfo.InvariantCulture, $"vcpu{vcpu.Index}/{guest}"), NormalPriority);
            _known.Add(vcpu, thread);
        }

        return thread;
    }
}
