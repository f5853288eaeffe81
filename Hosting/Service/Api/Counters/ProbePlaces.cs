using System.Globalization;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Machine.Values;

namespace ActorTrace.Hosting.Service.Api.Counters;

/// <summary>Names the places of probes by the symbols of the guests' images.</summary>
/// <param name="guests">The guests of the scenario; none where the run was imported.</param>
internal sealed class ProbePlaces(IReadOnlyList<GuestSpec> guests)
{
    /// <summary>The place of an address.</summary>
    public string NameOf(VcpuId vcpu, uint address) => vcpu.Guest.Index < guests.Count
        ? guests[vcpu.Guest.Index].Image.Symbols.Describe(new GuestVa(address))
        : string.Create(CultureInfo.InvariantCulture, $"0x{address:x8}");
}
