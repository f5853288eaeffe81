namespace ActorTrace.Machine.Tests.Gic;

/// <summary>One access to a device register, to be made on QEMU and on our devices alike.</summary>
/// <param name="IsWrite">A store; else a load.</param>
/// <param name="Size">1 or 4 bytes; 0 polls a word until the bits of the value are clear, or, as a store, one of them is set.</param>
/// <param name="Address">Physical address.</param>
/// <param name="Value">What is stored.</param>
internal readonly record struct RegisterAccess(bool IsWrite, int Size, uint Address, uint Value)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{(IsWrite ? "write" : "read")}{8 * Size} 0x{Address:x8}{(IsWrite ? $" = 0x{Value:x8}" : "")}";
}
