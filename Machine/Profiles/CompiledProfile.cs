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
    private readonly ReadySetReader? _readySet;

    private CompiledProfile(ProfileBinder binder)
    {
        var profile = Profile = binder.Profile;
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
        _readySet = binder.ReadySet();
        ProbeSets = binder.ProbeSets();
    }

    /// <summary>The profile it was made of.</summary>
    public KernelProfile Profile { get; }

    /// <summary>True where a switch probe reads both tasks of the switch; else only the one that comes.</summary>
    public bool HasNext => _next is not null;

    /// <summary>True where the ready set can be read.</summary>
    public bool HasReadySet => _readySet is not null;

    /// <summary>The probe sets, in the order of the profile.</summary>
    public IReadOnlyList<BoundProbeSet> ProbeSets { get; }

    /// <summary>Binds a profile to an image.</summary>
    /// <exception cref="ProfileException">An expression is malformed, a name is not in the image, or a value has the
    /// wrong type; with the key of the profile and the column.</exception>
    /// <exception cref="ImageFormatException">The image's debug information is malformed.</exception>
    public static CompiledProfile Bind(KernelProfile profile, ElfImage image)
    {
        var binder = new ProfileBinder(profile, image);
        var compiled = new CompiledProfile(binder);
        return binder.Problems.Count == 0 ? compiled : throw binder.Problems[0];
    }

    /// <summary>Says what a profile finds in an image, and everything that is missing.</summary>
    /// <exception cref="ImageFormatException">The image's debug information is malformed.</exception>
    public static ProfileCheck Check(KernelProfile profile, ElfImage image)
    {
        var binder = new ProfileBinder(profile, image);
        var compiled = new CompiledProfile(binder);
        return new ProfileCheck(binder.Uses, binder.Fields, compiled.ProbeSets, binder.Problems);
    }

    /// <summary>Finds a probe set by its name.</summary>
    /// <param name="name">Its name; null for the profile's default.</param>
    /// <param name="set">The set.</param>
    public bool TryFindProbeSet(string? name, [NotNullWhen(true)] out BoundProbeSet? set)
    {
        name ??= Profile.DefaultProbeSet;
        set = ProbeSets.FirstOrDefault(s => string.Equals(s.Name, name, StringComparison.Ordinal));
        return set is not null;
    }

    /// <summary>Reads both tasks of a switch. False also where <see cref="HasNext"/> is.</summary>
    public bool TryReadSwitch(IGuestReader reader, out TaskSnapshot prev, out TaskSnapshot next)
    {
        next = default;
        return TryReadTask(reader, _current, out prev) && _next is not null && TryReadTask(reader, _next, out next);
    }

    /// <summary>Reads the task that comes at a switch probe of a profile without a next task.</summary>
    public bool TryReadComing(IGuestReader reader, out TaskSnapshot task) => TryReadTask(reader, _current, out task);

    /// <summary>Reads the task that runs, at any instruction.</summary>
    public bool TryReadCurrent(IGuestReader reader, out TaskSnapshot task) => TryReadTask(reader, _running, out task);

    /// <summary>Reads the task whose control block is at an address.</summary>
    public bool TryReadTask(IGuestReader reader, uint tcb, out TaskSnapshot task)
    {
        task = default;
        var ofTask = new ProfileArguments(tcb, 0);
        if (!_idle.TryEvaluate(reader, ofTask, out var idle, out _))
        {
            return false;
        }

        if (tcb == 0)
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
            tcb,
            id.Word,
            name,
            unchecked((int)linuxPriority.Number),
            state.Word,
            idle.IsTrue,
            stackPointer.Word);
        return true;
    }

    /// <summary>Reads which tasks are ready. False, and the empty set, also where the profile has no ready set, and
    /// where lists of tasks do not end.</summary>
    public bool TryReadReadySet(IGuestReader reader, out ReadySet readySet)
    {
        readySet = ReadySet.Empty;
        return _readySet is not null && _readySet.TryRead(reader, out readySet);
    }

    /// <summary>Reads the task of a member of the ready set. False also where the member has none.</summary>
    public bool TryReadReadyTask(IGuestReader reader, uint member, out TaskSnapshot task)
    {
        task = default;
        return _readySet is not null
            && _readySet.TryTaskOf(reader, member, out uint tcb)
            && TryReadTask(reader, tcb, out task);
    }

    private bool TryReadTask(IGuestReader reader, ProfileExpression pointer, out TaskSnapshot task)
    {
        task = default;
        return pointer.TryEvaluate(reader, default, out var address, out _)
            && TryReadTask(reader, address.Word, out task);
    }

    private bool TryReadName(IGuestReader reader, in ProfileArguments arguments, out string name)
    {
        Span<byte> bytes = stackalloc byte[ProfileExpression.MaxNameLength];
        bool known = _name.TryEvaluateText(reader, arguments, bytes, out int length, out _);
        name = known ? _names.Get(bytes[..length]) : "";
        return known;
    }
}
