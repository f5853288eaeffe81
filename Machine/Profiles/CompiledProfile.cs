using System.Diagnostics.CodeAnalysis;
using ActorTrace.Machine.Images;

namespace ActorTrace.Machine.Profiles;

/// <summary>A kernel profile bound to one image: what to read at a hit. Several cores may use one at a time. Every
/// reading is false where guest memory could not be read (the reader saw the address that failed) or a pointer to the
/// task is null and the null pointer is not the kernel's idle task.</summary>
public sealed class CompiledProfile
{
    private const string IdleName = "idle";
    private readonly NameCache _names = new();
    private readonly ProfileExpression _current;
    private readonly ProfileExpression? _next;
    private readonly ProfileExpression _running;
    private readonly ProfileExpression _id;
    private readonly ProfileExpression _name;
    private readonly ProfileExpression _priority;
    private readonly ProfileExpression _state;
    private readonly ProfileExpression? _stackPointer;
    private readonly ProfileExpression _idle;
    private readonly ProfileExpression _linuxPriority;
    private readonly ProfileExpression? _readyTable;
    private readonly ProfileExpression? _taskOf;

    private CompiledProfile(KernelProfile profile, ProfileBinder binder)
    {
        Profile = profile;
        _current = binder.Address("current", profile.Current);
        _next = profile.Next is { } next ? binder.Address("next", next) : null;
        _running = profile.Running is { } running ? binder.Address("running", running) : _current;
        var task = profile.Task;
        _id = binder.Number("task.id", task.Id, ProfileVariables.Task);
        _name = binder.Text("task.name", task.Name);
        _priority = binder.Number("task.priority", task.Priority, ProfileVariables.Task);
        _state = binder.Number("task.state", task.State, ProfileVariables.Task);
        _stackPointer = task.StackPointer is { } sp
            ? binder.Scalar("task.stackPointer", sp, ProfileVariables.Task)
            : null;
        _idle = binder.Scalar("task.idle", task.Idle, ProfileVariables.Task);
        _linuxPriority = binder.Number("linuxPriority", profile.LinuxPriority, ProfileVariables.Priority);
        if (profile.ReadySet is { } readySet)
        {
            _readyTable = binder.ReadyTable(readySet);
            _taskOf = binder.Address("readySet.taskOf", readySet.TaskOf, ProfileVariables.Priority);
        }

        ProbeSets = binder.ProbeSets(profile);
    }

    /// <summary>The profile it was made of.</summary>
    public KernelProfile Profile { get; }

    /// <summary>True where a switch probe knows the task that the switch goes to.</summary>
    public bool HasNext => _next is not null;

    /// <summary>True where the ready set can be read.</summary>
    public bool HasReadySet => _readyTable is not null;

    /// <summary>The probe sets, in the order of the profile.</summary>
    public IReadOnlyList<BoundProbeSet> ProbeSets { get; }

    /// <summary>Binds a profile to an image.</summary>
    /// <exception cref="ProfileException">An expression is malformed, a name is not in the image, or a value has the
    /// wrong type; with the key of the profile and the column.</exception>
    /// <exception cref="ImageFormatException">The image's debug information is malformed.</exception>
    public static CompiledProfile Bind(KernelProfile profile, ElfImage image) =>
        new(profile, new ProfileBinder(profile, image));

    /// <summary>Finds a probe set by its name.</summary>
    /// <param name="name">Its name; null for the profile's default.</param>
    /// <param name="set">The set.</param>
    public bool TryFindProbeSet(string? name, [NotNullWhen(true)] out BoundProbeSet? set)
    {
        name ??= Profile.DefaultProbeSet;
        set = ProbeSets.FirstOrDefault(s => string.Equals(s.Name, name, StringComparison.Ordinal));
        return set is not null;
    }

    /// <summary>Reads both tasks of a switch. False also where the profile has no next task.</summary>
    public bool TryReadSwitch(IGuestReader reader, out TaskSnapshot prev, out TaskSnapshot next)
    {
        next = default;
        return TryReadTask(reader, _current, default, out prev)
            && _next is not null
            && TryReadTask(reader, _next, default, out next);
    }

    /// <summary>Reads the task that leaves at a switch probe: all that a profile without a next task knows there.</summary>
    public bool TryReadPrevious(IGuestReader reader, out TaskSnapshot task) =>
        TryReadTask(reader, _current, default, out task);

    /// <summary>Reads the task that runs, at any instruction.</summary>
    public bool TryReadCurrent(IGuestReader reader, out TaskSnapshot task) =>
        TryReadTask(reader, _running, default, out task);

    /// <summary>Reads which priorities are ready. False, and the empty set, also where the profile has no ready
    /// set.</summary>
    public bool TryReadReadySet(IGuestReader reader, out ReadySet readySet)
    {
        readySet = ReadySet.Empty;
        if (_readyTable is null
            || Profile.ReadySet is not { } layout
            || !_readyTable.TryEvaluate(reader, default, out var table, out _))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[ReadySet.Capacity / 8];
        bytes.Clear();
        if (!reader.TryRead(table.Word, bytes[..(layout.Entries * layout.BitsPerEntry / 8)]))
        {
            return false;
        }

        // Little-endian: bit b of entry e is bit e * bits + b of the whole.
        readySet = layout.MostSignificantFirst
            ? ReadySet.OfReversed(bytes, layout.BitsPerEntry)
            : ReadySet.Of(bytes);
        return true;
    }

    /// <summary>Reads the task of a priority in the kernel's own scale. False also where no task has it.</summary>
    public bool TryReadTaskByPriority(IGuestReader reader, int priority, out TaskSnapshot task)
    {
        task = default;
        return _taskOf is not null && TryReadTask(reader, _taskOf, new ProfileArguments(0, priority), out task);
    }

    private bool TryReadTask(
        IGuestReader reader, ProfileExpression pointer, in ProfileArguments arguments, out TaskSnapshot task)
    {
        task = default;
        if (!pointer.TryEvaluate(reader, arguments, out var address, out _))
        {
            return false;
        }

        var ofTask = new ProfileArguments(address.Word, 0);
        if (!_idle.TryEvaluate(reader, ofTask, out var idle, out _))
        {
            return false;
        }

        if (address.Word == 0)
        {
            task = new TaskSnapshot(0, 0, IdleName, 0, 0, Idle: true, 0);
            return idle.IsTrue;
        }

        ProfileValue stackPointer = default;
        if (!_id.TryEvaluate(reader, ofTask, out var id, out _)
            || !TryReadName(reader, ofTask, out string name)
            || !_priority.TryEvaluate(reader, ofTask, out var priority, out _)
            || !_linuxPriority.TryEvaluate(
                reader, new ProfileArguments(0, unchecked((int)priority.Number)), out var linuxPriority, out _)
            || !_state.TryEvaluate(reader, ofTask, out var state, out _)
            || (_stackPointer is not null && !_stackPointer.TryEvaluate(reader, ofTask, out stackPointer, out _)))
        {
            return false;
        }

        task = new TaskSnapshot(
            address.Word,
            id.Word,
            name,
            unchecked((int)linuxPriority.Number),
            state.Word,
            idle.IsTrue,
            stackPointer.Word);
        return true;
    }

    private bool TryReadName(IGuestReader reader, in ProfileArguments arguments, out string name)
    {
        Span<byte> bytes = stackalloc byte[ProfileExpression.MaxNameLength];
        bool known = _name.TryEvaluateText(reader, arguments, bytes, out int length, out _);
        name = known ? _names.Get(bytes[..length]) : "";
        return known;
    }
}
