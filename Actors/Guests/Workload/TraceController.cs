using System.Globalization;
using ActorTrace.Actors.Hypervisor.TraceControl;
using ActorTrace.Actors.Scenarios;
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
    private const string Ok = "ok";
    private readonly List<Target> selection = [];
    private int guest = -1;
    private ulong start;
    private ulong end;

    /// <summary>What the last write came to: "ok", or "error: " and why.</summary>
    public string Status { get; private set; } = Ok;

    /// <summary>What the last load returned; to be set before the enumeration goes on.</summary>
    public uint Loaded { private get; set; }

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

        Status = file switch
        {
            "trace/guest" => SelectGuest(value),
            "trace/symbol" => SelectSymbol(value),
            "trace/address" => SelectAddress(value),
            "trace/probes" => SelectProbes(value),
            "trace/start_ns" => SetTime(value, ref start),
            "trace/end_ns" => SetTime(value, ref end),
            "trace/status" => "error: trace/status is read only",
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

        if (!guests[guest].Image.Symbols.TryResolve(symbol, out GuestVa address) || TryParse(symbol, out _))
        {
            return $"error: there is no symbol '{symbol}' in {guests[guest].Name}";
        }

        Select([new Target(address.Value, (uint)ProbePointKind.Function)]);
        return Ok;
    }

    private string SelectAddress(string text)
    {
        if (guest < 0)
        {
            return "error: no guest is selected";
        }

        if (!TryParse(text, out ulong address) || address > uint.MaxValue)
        {
            return $"error: '{text}' is no address (decimal or 0x...)";
        }

        Select([new Target((uint)address, (uint)ProbePointKind.Function)]);
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

        Select(set.Probes.Select(p => new Target(p.Address.Value, (uint)p.Kind)));
        return Ok;
    }

    private void Select(IEnumerable<Target> targets)
    {
        selection.Clear();
        selection.AddRange(targets);
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

        return Carry(selection.SelectMany(AddCommand).ToList());
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
        ControlStatus.Unaligned => "the address is not a multiple of 4",
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

    private readonly record struct Target(uint Address, uint Kind);
}
