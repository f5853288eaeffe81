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

    /// <summary>The result records as our core leaves them. Cases that never end are taken out of the image.</summary>
    /// <param name="image">What runs; afterwards without those cases.</param>
    /// <param name="endless">Their numbers.</param>
    internal static uint[] OnCore(HarnessImage image, out HashSet<int> endless)
    {
        endless = [];
        uint[] words = image.Words;
        TestMachine machine = new((int)(HarnessLayout.Code - TestMachine.Start) + (words.Length * 4), []);
        machine.Put(HarnessLayout.Code, words);
        machine.Core[15] = HarnessLayout.Code;
        uint before = 0;
        while (machine.Peripherals.Written.Count == 0)
        {
            CoreExit exit = machine.Run(InstructionsPerCase);
            uint record = machine.Word(HarnessLayout.Variables);
            int number = (int)((record - image.Records) / (uint)image.RecordBytes);
            Assert.True(exit.Kind == CoreExitKind.LimitReached, $"{exit} in case {number}");
            if (record == before && machine.Peripherals.Written.Count == 0)
            {
                // It may have gone on in the slot of another one.
                endless.Add(number);
                int at = (int)((machine.Core[15] - HarnessLayout.SlotsVirtual) / HarnessLayout.SlotBytes);
                Assert.True(endless.Add(at) || at == number, $"{exit} in case {number}");
                machine.Put(HarnessImage.PhysicalSlot(at), image.TakeOut(at));
                machine.Core.InvalidateInstructions(new Pa(HarnessImage.PhysicalSlot(at)), HarnessLayout.SlotBytes);
            }

            before = record;
        }

        return MemoryMarshal.Cast<byte, uint>(
            machine.Ram.Bytes.AsSpan((int)(image.Results - TestMachine.Start), image.ResultsLength)).ToArray();
    }
}
