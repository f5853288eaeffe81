using System.Runtime.InteropServices;
using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Tests.Guests;
using ActorTrace.Machine.Values;
using Xunit;

namespace ActorTrace.Machine.Tests.Cpu.Fuzzing;

/// <summary>Runs a harness image, on QEMU's Cortex-A15 and on our core.</summary>
internal static class FuzzRunner
{
    /// <summary>More instructions than the harness needs for a case.</summary>
    private const ulong InstructionsPerCase = 20_000;

    /// <summary>More cases than are run between two looks at them.</summary>
    private const int CasesPerLook = 24;

    /// <summary>What a core was left with.</summary>
    /// <param name="Results">The result records.</param>
    /// <param name="Instructions">Instructions charged.</param>
    /// <param name="Cycles">The core's time.</param>
    /// <param name="Hits">Probes that were hit.</param>
    internal sealed record Outcome(uint[] Results, ulong Instructions, ulong Cycles, int Hits);

    /// <summary>The result records as QEMU leaves them.</summary>
    internal static uint[] OnQemu(HarnessImage image)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, BareImage.Of(HarnessLayout.Code, image.Words));
            QemuGuest.Outcome outcome = QemuGuest.RunWithHypMode(file, "d", (image.Results, image.ResultsLength));
            return MemoryMarshal.Cast<byte, uint>(outcome.Memory[0]).ToArray();
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>The result records as our core leaves them. Cases that never end, or spoil the harness, are taken out of the image.</summary>
    /// <param name="image">What runs; afterwards without those cases.</param>
    /// <param name="endless">Their numbers.</param>
    internal static uint[] OnCore(HarnessImage image, out HashSet<int> endless)
    {
        HashSet<int> found = [];
        endless = found;
        TestMachine machine = Machine(image);
        void TakeOut(int at)
        {
            machine.Put(HarnessImage.PhysicalSlot(at), image.TakeOut(at));
            machine.Core.InvalidateInstructions(new Pa(HarnessImage.PhysicalSlot(at)), HarnessLayout.SlotBytes);
        }

        Run(machine, image, _ => throw new InvalidOperationException("The core was left."), number =>
        {
            if (Spoiled(machine, image))
            {
                // One of the last cases has met the harness's own variables.
                machine.Put(HarnessLayout.Constants, image.Constants);
                for (int i = Math.Max(0, number - CasesPerLook); i <= number; i++)
                {
                    found.Add(i);
                    TakeOut(i);
                }

                return;
            }

            // It may have gone on in the slot of another one. Where it has just come back to the harness, it ends after all.
            string state = $"case {number} does not end, at 0x{machine.Core[15]:x8}, cpsr {machine.Core.Cpsr:x8}, r0-r14 "
                + string.Join(' ', Enumerable.Range(0, 15).Select(i => $"{machine.Core[i]:x8}"));
            bool first = found.Add(number);
            if (machine.Core[15] - HarnessLayout.SlotsVirtual >= HarnessLayout.SlotsReach)
            {
                Assert.True(first, state);
                return;
            }

            int at = (int)((machine.Core[15] - HarnessLayout.SlotsVirtual) / HarnessLayout.SlotBytes);
            Assert.True(found.Add(at) || at == number, state);
            TakeOut(at);
        });
        return Results(machine, image);
    }

    /// <summary>
    /// Our core below a hypervisor that has put probes into memory and carries out what was there; without probes the hypervisor only
    /// gives the guest its own breakpoints back.
    /// </summary>
    /// <param name="image">What runs; every case ends.</param>
    /// <param name="probes">By the address that a case sees.</param>
    internal static Outcome UnderHypervisor(HarnessImage image, IReadOnlyDictionary<uint, FuzzProbe> probes)
    {
        TestMachine machine = Machine(image);
        HypControls hyp = machine.Vcpu.Hyp;
        (hyp.HypervisorPresent, hyp.RouteDebug) = (true, true);
        foreach ((uint address, FuzzProbe probe) in probes)
        {
            uint physical = address - HarnessLayout.SlotsVirtual + HarnessLayout.Slots;
            Span<byte> place = machine.Ram.Bytes.AsSpan((int)(physical - TestMachine.Start));
            for (int i = 0; i < probe.Bytes.Length; i++)
            {
                place[i] = probe.Bytes[i];
            }
        }

        int hits = 0;
        Run(machine, image, exit => hits += Answer(machine, exit, probes) ? 1 : 0, number => Assert.Fail($"case {number} does not end, at 0x{machine.Core[15]:x8}"));
        return new Outcome(Results(machine, image), machine.Core.Instructions, machine.Core.Now.Cycles, hits);
    }

    /// <summary>True where it was a probe.</summary>
    private static bool Answer(TestMachine machine, CoreExit trap, IReadOnlyDictionary<uint, FuzzProbe> probes)
    {
        bool hit = probes.TryGetValue(trap.Pc.Value, out FuzzProbe? probe) && probe.Causes(trap);
        CoreExit? exit = hit ? machine.Core.ExecuteDisplaced(probe!.Original) : trap;
        if (exit is { } own)
        {
            Assert.Equal((CoreExitKind.DebugTrap, trap.Pc), (own.Kind, own.Pc));
            machine.Vcpu.Hyp.RouteDebug = false;
            Assert.Null(machine.Core.RepeatTrapped());
            machine.Vcpu.Hyp.RouteDebug = true;
        }

        return hit;
    }

    private static TestMachine Machine(HarnessImage image)
    {
        uint[] words = image.Words;
        TestMachine machine = new((int)(HarnessLayout.Code - TestMachine.Start) + (words.Length * 4), []);
        machine.Put(HarnessLayout.Code, words);
        machine.Core[15] = HarnessLayout.Code;
        return machine;
    }

    private static void Run(TestMachine machine, HarnessImage image, Action<CoreExit> answer, Action<int> stuck)
    {
        uint before = 0;
        while (machine.Peripherals.Written.Count == 0)
        {
            VirtualInstant end = machine.Core.Now + (InstructionsPerCase * TestPeripherals.Rates.CyclesPerInstruction);
            CoreExit exit;
            while ((exit = machine.Core.RunUntil(end)).Kind != CoreExitKind.LimitReached)
            {
                answer(exit);
            }

            uint record = machine.Word(HarnessLayout.Variables);
            if ((record == before && machine.Peripherals.Written.Count == 0) || Spoiled(machine, image))
            {
                stuck((int)((record - image.Records) / (uint)image.RecordBytes));
            }

            before = record;
        }
    }

    private static bool Spoiled(TestMachine machine, HarnessImage image)
    {
        for (int i = 0; i < image.Constants.Length; i++)
        {
            if (machine.Word(HarnessLayout.Constants + (uint)(i * 4)) != image.Constants[i])
            {
                return true;
            }
        }

        return false;
    }

    private static uint[] Results(TestMachine machine, HarnessImage image) => MemoryMarshal.Cast<byte, uint>(
        machine.Ram.Bytes.AsSpan((int)(image.Results - TestMachine.Start), image.ResultsLength)).ToArray();
}
