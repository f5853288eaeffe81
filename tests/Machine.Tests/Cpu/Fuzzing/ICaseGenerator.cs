namespace ActorTrace.Machine.Tests.Cpu.Fuzzing;

/// <summary>Makes cases of an instruction set, without those that are excluded.</summary>
internal interface ICaseGenerator
{
    /// <summary>A case.</summary>
    /// <param name="slot">The address at which it sees its slot.</param>
    /// <param name="settings">What its batch has in common.</param>
    FuzzCase Make(uint slot, FuzzSettings settings);

    /// <summary>Whether nothing of a case is excluded.</summary>
    bool Compares(FuzzCase one, FuzzSettings settings);
}
