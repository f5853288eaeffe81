using System.Globalization;
using ActorTrace.Actors.Hypervisor;
using ActorTrace.Actors.Hypervisor.TraceControl;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Machine.Images;
using ActorTrace.Machine.Profiles;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Guests.Workload;

/// <summary>An access of the trace controller to a register of the trace control device.</summary>
/// <param name="Offset">Register, see <see cref="ControlRegisters"/>.</param>
/// <param name="Value">What to store; null for a load.</param>
internal readonly record struct DeviceAccess(uint Offset, uint? Value);

/// <summary>
/// The trace controller: the profiler's control files, as software of the GPOS. What is written is checked here; "enable" carries
/// the selection to the hypervisor through the trace control device.
/// </summary>
/// <param name="guests">The guests of the scenario; index = guest number.</param>
internal sealed class TraceController(IReadOnlyList<GuestSpec> guests)
{
    /// <summary>The file whose lines become markers of the GPOS's own tracer, as those of trace_marker do.</summary>
    public const string Marker = "trace/marker";

    /// <summary>What a write that was done comes to.</summary>
    public const string Ok = "ok";

    private readonly List<Target> selection = [];
    private int guest = -1;
    private ulong start;
    private ulong end;
    private ProbeFilter filter = ProbeFilter.None;
    private ProbeFilter told = ProbeFilter.None;
    private int enabled;

    /// <summary>What the last write came to: "ok", or "error: " and why.</summary>
    public string Status { get; private set; } = Ok;

    /// <summary>What the last load returned; to be set before the enumeration goes on.</summary>
    public uint Loaded { get; set; }

    /// <summary>Writes a file.</summary>
    /// <param name="file">Path in the control tree, e.g. trace/enable.</param>
    /// <param name="value">What is written; white space around it does not count.</param>
    /// <returns>The device accesses to make, one at a time; <see cref="Status"/> holds at the end of them.</returns>
    public IEnumerable<DeviceAccess> Write(string file, string value)
    {
        value = value.Trim();
        if (string.Equals(file, "trace/enable", StringComparison.Ordinal))
        {
            return value switch
            {
                "1" => Enable(),
                "0" => Disable(),
                _ => Fail($"'{value}' is neither 0 nor 1"),
            };
        }

        if (string.Equals(file, "trace/status", StringComparison.Ordinal))
        {
            return string.Equals(value, "read", StringComparison.Ordinal) ? ReadStatus() : Fail("trace/status is read only");
        }

        Status = file switch
        {
            "trace/guest" => SelectGuest(value),
            "trace/symbol" => SelectSymbol(value),
            "trace/address" => SelectAddress(value),
            "trace/probes" => SelectProbes(value),
            "trace/filter" => SetFilter(value),
            "trace/start_ns" => SetTime(value, ref start),
            "trace/end_ns" => SetTime(value, ref end),
            Marker => MarkerText.IsMarker(value) ? Ok : $"error: {MarkerText.Help}",
            _ => $"error: there is no file '{file}'",
        };
        return [];
    }

    private string SelectGuest(string name)
    {
        int found = guests.ToList().FindIndex(g => string.Equals(g.Name, name, StringComparison.Ordinal));
        if (found < 0)
        {
            return $"error: there is no guest '{name}'";
        }

        guest = found;
        selection.Clear();
        return Ok;
    }

    private string SelectSymbol(string symbol)
    {
        if (guest < 0)
        {
            return "error: no guest is selected";
        }

        if (!ProbePlace.TryParseSymbol(guests[guest].Image, symbol, out ProbePlace place, out string? problem))
        {
            return problem is not null ? $"error: {problem}" : $"error: there is no symbol '{symbol}' in {guests[guest].Name}";
        }

        Select([Target.Of(place)]);
        return Ok;
    }

    private string SelectAddress(string text)
    {
        if (guest < 0)
        {
            return "error: no guest is selected";
        }

        if (!ProbePlace.TryParseAddress(guests[guest].Image, text, out ProbePlace place, out string? problem))
        {
            return problem is not null ? $"error: {problem}" : $"error: '{text}' is no address (decimal or 0x...)";
        }

        Select([Target.Of(place)]);
        return Ok;
    }

    private string SelectProbes(string name)
    {
        if (guest < 0)
        {
            return "error: no guest is selected";
        }

        if (guests[guest].Profile is not { } profile)
        {
            return $"error: {guests[guest].Name} has no kernel profile";
        }

        if (!profile.TryFindProbeSet(name, out BoundProbeSet? set))
        {
            return $"error: there is no probe set '{name}' in profile {profile.Profile.Name}";
        }

        Select(set.Probes.Select(p => Target.Of(p)));
        return Ok;
    }

    private void Select(IEnumerable<Target> targets)
    {
        selection.Clear();
        selection.AddRange(targets);
    }

    private string SetFilter(string text)
    {
        if (!ProbeFilterText.TryParse(text, out ProbeFilter? read))
        {
            return $"error: '{text}' is no filter ({ProbeFilterText.Help})";
        }

        filter = read;
        return Ok;
    }

    private static string SetTime(string text, ref ulong time)
    {
        if (!TryParse(text, out ulong parsed))
        {
            return $"error: '{text}' is no number of nanoseconds (decimal or 0x...)";
        }

        time = parsed;
        return Ok;
    }

    private IEnumerable<DeviceAccess> Enable()
    {
        if (selection.Count == 0)
        {
            return Fail("no probe is selected");
        }

        List<DeviceAccess> accesses = filter == told ? [] : [.. FilterStores(filter)];
        (told, enabled) = (filter, selection.Count);
        accesses.AddRange(selection.SelectMany(AddCommand));
        return Carry(accesses);
    }

    private static IEnumerable<DeviceAccess> FilterStores(ProbeFilter filter)
    {
        yield return new(ControlRegisters.FilterEvery, filter.Every);
        yield return new(
            ControlRegisters.FilterTask,
            (filter.TaskId is null ? 0 : ControlRegisters.FilterTaskById) | (filter.TaskName is null ? 0 : ControlRegisters.FilterTaskByName));
        yield return new(ControlRegisters.FilterId, filter.TaskId ?? 0);
        string name = filter.TaskName ?? string.Empty;
        for (uint offset = ControlRegisters.FilterName; offset <= ControlRegisters.FilterNameEnd; offset += sizeof(uint))
        {
            uint word = 0;
            for (int i = 0; i < sizeof(uint); i++)
            {
                int index = (int)(offset - ControlRegisters.FilterName) + i;
                word |= index < name.Length ? (uint)(byte)name[index] << (8 * i) : 0;
            }

            yield return new(offset, word);
        }
    }

    /// <summary>Asks the device for the state of the probes that were last enabled; the status is that of the first that is not armed.</summary>
    private IEnumerable<DeviceAccess> ReadStatus()
    {
        Status = enabled == 0 ? "no probe was enabled" : "armed";
        if (enabled == 0)
        {
            yield break;
        }

        yield return new DeviceAccess(ControlRegisters.LastProbe, null);
        uint last = Loaded;
        for (int i = enabled - 1; i >= 0; i--)
        {
            yield return new DeviceAccess(ControlRegisters.Index, last - (uint)i);
            yield return new DeviceAccess(ControlRegisters.ProbeState, null);
            ProbeState state = (ProbeState)Loaded;
            if (state == ProbeState.Error)
            {
                yield return new DeviceAccess(ControlRegisters.ProbeError, null);
                Status = $"error: {ProbeErrors.Describe((ProbeError)Loaded)}";
                yield break;
            }

            if (state != ProbeState.Armed)
            {
                Status = state.ToString().ToLowerInvariant();
                yield break;
            }
        }
    }

    private IEnumerable<DeviceAccess> Disable() =>
        guest < 0
            ? Fail("no guest is selected")
            : Carry([
                new DeviceAccess(ControlRegisters.Guest, (uint)guest),
                new DeviceAccess(ControlRegisters.Command, (uint)ControlCommand.RemoveAll),
                new DeviceAccess(ControlRegisters.Status, null),
            ]);

    private IEnumerable<DeviceAccess> AddCommand(Target target) =>
    [
        new(ControlRegisters.Guest, (uint)guest),
        new(ControlRegisters.Address, target.Address),
        new(ControlRegisters.Kind, target.Kind),
        new(ControlRegisters.StartLow, (uint)start),
        new(ControlRegisters.StartHigh, (uint)(start >> 32)),
        new(ControlRegisters.EndLow, (uint)end),
        new(ControlRegisters.EndHigh, (uint)(end >> 32)),
        new(ControlRegisters.Command, (uint)ControlCommand.Add),
        new(ControlRegisters.Status, null),
    ];

    /// <summary>Makes the accesses until the device reports an error.</summary>
    private IEnumerable<DeviceAccess> Carry(IReadOnlyList<DeviceAccess> accesses)
    {
        Status = Ok;
        foreach (DeviceAccess access in accesses)
        {
            yield return access;
            if (access.Value is null && Loaded != (uint)ControlStatus.Ok)
            {
                Status = $"error: {Explain(Loaded)}";
                yield break;
            }
        }
    }

    private IEnumerable<DeviceAccess> Fail(string reason)
    {
        Status = $"error: {reason}";
        return [];
    }

    private static string Explain(uint status) => (ControlStatus)status switch
    {
        ControlStatus.NoSuchGuest => "the hypervisor knows no such guest",
        ControlStatus.Unaligned => "the address is not a multiple of 4, and not in T32 code",
        ControlStatus.EndBeforeStart => "the end is not later than the start",
        ControlStatus.Quota => "there are too many probes",
        ControlStatus.NoProfile => "the guest has no kernel profile",
        ControlStatus.AlreadyThere => "there is a probe at that address",
        ControlStatus.NoSuchProbe => "there is no such probe",
        _ => string.Create(CultureInfo.InvariantCulture, $"the trace control device answers {status}"),
    };

    private static bool TryParse(string text, out ulong value) =>
        text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private readonly record struct Target(uint Address, uint Kind)
    {
        public static Target Of(ProbePlace place) => Of(place.Address, place.Thumb, ProbeKind.Function, place.OnReturn);

        public static Target Of(BoundProbe probe) => Of(
            probe.Address, probe.Encoding == CodeEncoding.T32, (ProbeKind)probe.Kind, probe.Moment == ProbeMoment.Return);

        private static Target Of(GuestVa address, bool thumb, ProbeKind kind, bool onReturn) =>
            new(address.Value | (thumb ? 1u : 0), (uint)kind | (onReturn ? ControlRegisters.KindOnReturn : 0));
    }
}
