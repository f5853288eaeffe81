using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Hypervisor.Instrumentation;

/// <summary>A trapped access to a system register: which addresses' code it may have moved or changed (HSR.ISS, ARM DDI 0406 B3.13.6).</summary>
/// <param name="exit">The trap.</param>
internal readonly struct TrappedAccess(CoreExit exit)
{
    private const uint ClassCp15 = 0x03;
    private const uint ClassCp15Double = 0x04;
    private const uint FaultStatusRegisters = 5;
    private const uint FaultAddressRegisters = 6;
    private const uint CacheRegisters = 7;
    private const uint TlbRegisters = 8;
    private const uint AttributeRegisters = 10;
    private const uint CacheLine = 64;
    private const uint LargestMapping = 1 << 24;

    private uint Opc2 => (exit.Iss >> 17) & 7;

    private uint Crn => (exit.Iss >> 10) & 15;

    private uint Crm => (exit.Iss >> 1) & 15;

    /// <summary>It is one of coprocessor 15; the debug registers of coprocessor 14 have no part in that.</summary>
    public static bool MayMoveCode(CoreExit exit) => exit.ExceptionClass is ClassCp15 or ClassCp15Double;

    /// <summary>True where the code at an address may have changed.</summary>
    public bool Concerns(PlacedCode code) => exit.ExceptionClass == ClassCp15Double || Crn switch
    {
        // By address: ICIMVAU and DCCMVAU; TLBIMVA and TLBIMVAA, each with its variants.
        CacheRegisters when (Crm, Opc2) is (5, 1) or (11, 1) => IsNear(code.Address, CacheLine),
        FaultStatusRegisters or FaultAddressRegisters or AttributeRegisters => false,
        TlbRegisters when Opc2 is 1 or 3 => IsNear(code.Address, LargestMapping),
        _ => true,
    };

    private bool IsNear(GuestVa address, uint size) => address.Value / size == (uint)exit.Value / size;
}
