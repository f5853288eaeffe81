namespace ActorTrace.Actors.Guests.Workload;

/// <summary>How a workload that a capture drives deviates from the capture, in cycles.</summary>
/// <remarks>
/// A burst of work ends when it has executed max(captured work, code of the switch to it). An idle burst ends at its captured
/// end, or at once where that has passed. So at the end of every burst, exactly:
/// Delay = Stolen + Excess - Absorbed.
/// </remarks>
/// <param name="Bursts">Bursts that have ended.</param>
/// <param name="Delay">How much later than captured the last of them ended.</param>
/// <param name="Stolen">Time that passed inside bursts, or between them, without being executed by them: interrupts, the hypervisor, the controller task.</param>
/// <param name="Excess">Cycles that bursts of work executed beyond their captured work, because the switch to them took longer.</param>
/// <param name="Absorbed">Captured idle time that was not spent idle (negative where the switch to idle took longer than the idle time).</param>
public readonly record struct CaptureAccount(long Bursts, ulong Delay, ulong Stolen, ulong Excess, long Absorbed);
