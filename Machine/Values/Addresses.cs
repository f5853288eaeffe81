namespace ActorTrace.Machine.Values;

/// <summary>A guest virtual address (what the program counter holds).</summary>
/// <param name="Value">The address.</param>
public readonly record struct GuestVa(uint Value)
{
    /// <inheritdoc/>
    public override string ToString() => $"VA 0x{Value:x8}";
}

/// <summary>An intermediate physical address: what the guest takes for physical (ARM DDI 0406 B3.6).</summary>
/// <param name="Value">The address, 40 bits.</param>
public readonly record struct Ipa(ulong Value)
{
    /// <inheritdoc/>
    public override string ToString() => $"IPA 0x{Value:x8}";
}

/// <summary>A physical address of the board.</summary>
/// <param name="Value">The address, 40 bits.</param>
public readonly record struct Pa(ulong Value)
{
    /// <inheritdoc/>
    public override string ToString() => $"PA 0x{Value:x9}";
}
