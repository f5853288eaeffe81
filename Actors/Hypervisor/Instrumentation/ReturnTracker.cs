using ActorTrace.Machine.Images;
using ActorTrace.Machine.Profiles;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Hypervisor.Instrumentation;

/// <summary>
/// Follows the calls of functions with a return probe. At the call it notes task, stack pointer and link register, and has a probe
/// instruction put where the link register points; a call has come back when the same task arrives there with its stack pointer no
/// lower than at the call. The link register itself stays as it is.
/// </summary>
internal static class ReturnTracker
{
    private const uint ModeMask = 0x1F;
    private const uint UserMode = 0x10;
    private const uint SystemMode = 0x1F;
    private const int LinkRegister = 14;
    private const int StackRegister = 13;

    /// <summary>A return probe was hit: somebody calls the function.</summary>
    /// <param name="work">The guest.</param>
    /// <param name="probe">The probe.</param>
    /// <param name="caller">The running task; null where the probe is on the scheduler, in which the running task may change.</param>
    /// <param name="function">Where the probe was hit.</param>
    /// <param name="reached">When.</param>
    public static void Enter(ProbeWork work, InstalledProbe probe, TaskSnapshot? caller, GuestVa function, VirtualInstant reached)
    {
        uint link = work.Lease.Core[LinkRegister];
        Landing landing = work.Table.FindLanding(link) ?? Begin(work, link, probe.Probe);
        PendingReturn call = new(
            probe.Probe, caller?.Tcb, Stack(work), work.Lease.Core[StackRegister], landing, function, reached);
        landing.Awaited++;
        if (work.Table.Returns.Add(call) is { } dropped)
        {
            InstalledProbe of = work.Table.Find(dropped.Probe) ?? throw new InvalidOperationException($"A call of the removed probe {dropped.Probe} is awaited.");
            work.Guest.ProbeTallies.Of(of.Definition).Forgotten++;
            Release(work, dropped.Landing);
        }
    }

    /// <summary>A landing was reached: which calls have come back, the youngest first. Where none is awaited any more its probe instruction goes.</summary>
    /// <param name="work">The guest.</param>
    /// <param name="landing">The landing.</param>
    /// <param name="task">The running task; null where it is not known.</param>
    public static IReadOnlyList<PendingReturn> Arrive(ProbeWork work, Landing landing, TaskSnapshot? task)
    {
        IReadOnlyList<PendingReturn> returning =
            work.Table.Returns.Take(landing, task?.Tcb, Stack(work), work.Lease.Core[StackRegister]);
        foreach (PendingReturn call in returning)
        {
            Release(work, call.Landing);
        }

        return returning;
    }

    /// <summary>Forgets what a probe awaits.</summary>
    public static void Forget(ProbeWork work, InstalledProbe probe)
    {
        foreach (PendingReturn call in work.Table.Returns.TakeOf(probe.Probe))
        {
            work.Guest.ProbeTallies.Of(probe.Definition).Forgotten++;
            Release(work, call.Landing);
        }
    }

    private static Landing Begin(ProbeWork work, uint link, ushort probe)
    {
        Landing landing = new(link, probe);
        work.Table.Add(landing);

        // Where no probe instruction can be the calls are not seen to come back, and are forgotten in their turn.
        if (landing.IsCode = IsCode(work, landing))
        {
            ProbeInstaller.Settle(work, landing);
            ProbeTraps.Apply(work.Guest);
        }

        return landing;
    }

    /// <summary>A function that nobody calls may find anything in the link register; data of the guest's must stay as they are.</summary>
    private static bool IsCode(ProbeWork work, Landing landing) =>
        (landing.Thumb || (landing.Link & 3) == 0)
        && work.Lease.Core.MayExecute(landing.Address, (work.Lease.Core.Cpsr & ModeMask) != UserMode)
        && MayBeCode(work.Guest.Spec.Image, landing.Address);

    /// <summary>Outside the image anything may be code; in it only what its text has, and no literals.</summary>
    private static bool MayBeCode(ElfImage image, GuestVa address) =>
        image.Segments.FirstOrDefault(s => s.Contains(address)) is not { } segment
        || (segment.Flags.HasFlag(ElfSegmentFlags.Execute) && address.Value - segment.VirtualAddress.Value < segment.FileBytes.Length
            && image.EncodingAt(address) != CodeEncoding.Data);

    private static void Release(ProbeWork work, Landing landing)
    {
        if (--landing.Awaited == 0)
        {
            CodePatcher.Lift(work, landing);
            work.Table.Remove(landing);
            ProbeTraps.Apply(work.Guest);
        }
    }

    /// <summary>Which banked stack pointer is in use.</summary>
    private static uint Stack(ProbeWork work) => (work.Lease.Core.Cpsr & ModeMask) is var mode && mode is UserMode or SystemMode ? 0 : mode;
}
