namespace ActorTrace.Machine.Profiles;

/// <summary>What a name of a profile stands for in an image.</summary>
public enum ProfileUseKind : byte
{
    /// <summary>A global variable, or a label.</summary>
    Variable,

    /// <summary>A function.</summary>
    Function,

    /// <summary>A constant of an enumeration.</summary>
    Constant,

    /// <summary>A struct, union, enumeration or typedef.</summary>
    Type,

    /// <summary>A member of a struct or union.</summary>
    Field,
}

/// <summary>A name that an expression of a profile uses, as the image resolves it.</summary>
/// <param name="Kind">What it stands for.</param>
/// <param name="Name">The name; of a field with its struct: <c>struct os_tcb.OSTCBPrio</c>.</param>
/// <param name="Value">Address of a variable or function, byte offset of a field, value of a constant; 0 of a
/// type.</param>
/// <param name="Size">Bytes; 0 where that is unknown.</param>
/// <param name="Type">Its C type.</param>
public sealed record ProfileUse(ProfileUseKind Kind, string Name, long Value, uint Size, string Type);
