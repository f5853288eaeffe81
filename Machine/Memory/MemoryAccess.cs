namespace ActorTrace.Machine.Memory;

/// <summary>The kinds of access that permissions tell apart.</summary>
public enum MemoryAccess
{
    /// <summary>A load.</summary>
    Read,

    /// <summary>A store.</summary>
    Write,

    /// <summary>An instruction fetch.</summary>
    Execute,
}
