using ActorTrace.Machine.Images;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Profiles;

/// <summary>The value of an expression.</summary>
/// <param name="Number">As C would hold it: signed types sign-extended, unsigned and pointers zero-extended; the address
/// for arrays and structs.</param>
/// <param name="Type">Its C type.</param>
public readonly record struct ProfileValue(long Number, DataType Type)
{
    /// <summary>The low 32 bits.</summary>
    public uint Word => unchecked((uint)Number);

    /// <summary>What C's <c>if</c> would say.</summary>
    public bool IsTrue => Number != 0;
}

/// <summary>The variables an expression may use.</summary>
/// <param name="Task">Variable <c>task</c>: address of a task control block.</param>
/// <param name="Priority">Variable <c>priority</c>: a priority in the kernel's own scale.</param>
/// <param name="List">Variable <c>list</c>: address of a list of tasks.</param>
/// <param name="Item">Variable <c>item</c>: address of an item of that list.</param>
public readonly record struct ProfileArguments(uint Task, int Priority, uint List = 0, uint Item = 0);

/// <summary>Which variables an expression may use.</summary>
[Flags]
public enum ProfileVariables
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><c>task</c>.</summary>
    Task = 1,

    /// <summary><c>priority</c>.</summary>
    Priority = 2,

    /// <summary><c>list</c>.</summary>
    List = 4,

    /// <summary><c>item</c>.</summary>
    Item = 8,
}

/// <summary>Why an expression has no value at this instant.</summary>
public enum ProfileFaultKind : byte
{
    /// <summary>It has one.</summary>
    None,

    /// <summary>Guest memory could not be read.</summary>
    UnreadableMemory,

    /// <summary>Division by zero.</summary>
    DivisionByZero,
}

/// <summary>Why an expression has no value at this instant: the guest's state, not a mistake of the profile's text.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Address">The first byte of the read that failed; 0 for divisions.</param>
public readonly record struct ProfileFault(ProfileFaultKind Kind, GuestVa Address);
