namespace ActorTrace.Hosting.Cli;

/// <summary>What the process returns.</summary>
public static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>The work failed: a run that ended by a failure, a journal that cannot be read or written, a difference found by verify.</summary>
    public const int Failure = 1;

    /// <summary>Nothing was begun: the command line, the scenario or a file that they name cannot be used.</summary>
    public const int Usage = 2;

    /// <summary>Ended by Ctrl-C; what was simulated until then is in the journal.</summary>
    public const int Interrupted = 130;
}
