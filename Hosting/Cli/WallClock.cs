#pragma warning disable RS0030 // The user is told how long a run took; nothing simulated sees this clock.
using System.Diagnostics;

namespace ActorTrace.Hosting.Cli;

/// <summary>Measures real time from its creation.</summary>
public sealed class WallClock
{
    /// <summary>The clock itself, for services that are given one.</summary>
    public static TimeProvider Provider => TimeProvider.System;

    private readonly long _start = Stopwatch.GetTimestamp();

    /// <summary>Seconds since creation.</summary>
    public double Seconds => Stopwatch.GetElapsedTime(_start).TotalSeconds;
}
