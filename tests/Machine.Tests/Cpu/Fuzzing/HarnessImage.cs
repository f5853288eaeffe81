using System.Diagnostics;
using System.Numerics;
using System.Runtime.InteropServices;

namespace ActorTrace.Machine.Tests.Cpu.Fuzzing;

/// <summary>The memory with which a batch of cases starts: harness, page tables, slots and records.</summary>
internal sealed class HarnessImage
{
    private const uint SmallPage = 2;
    private const uint NeverExecute = 1;
    private const uint Cached = 0xC;
    private static readonly Lazy<byte[]> Harness = new(Assemble);
    private readonly byte[] memory;

    /// <summary>What is in the window before each case, and the registers of the modes that are not a case's own.</summary>
    internal HarnessImage(IReadOnlyList<FuzzCase> cases, FuzzSettings settings)
    {
        RecordBytes = 4 * (HarnessLayout.RecordWords + (settings.Vfp ? HarnessLayout.VfpWords : 0));
        ResultBytes = 4 * (HarnessLayout.ResultWords + (settings.Vfp ? HarnessLayout.VfpWords : 0));
        Records = Section(HarnessLayout.Slots + (uint)(cases.Count * HarnessLayout.SlotBytes));
        Results = Section(Records + (uint)(cases.Count * RecordBytes));
        ResultsLength = cases.Count * ResultBytes;
        memory = new byte[Section(Results + (uint)ResultsLength) - HarnessLayout.Code];
        Harness.Value.CopyTo(memory, 0);
        Variables(cases.Count, settings);
        Tables(cases.Count);
        for (uint i = 0; i < HarnessLayout.PageBytes; i += 4)
        {
            Put(HarnessLayout.WindowPage + i, settings.Window[i / 4]);
            Put(HarnessLayout.PristinePage + i, settings.Window[i / 4]);
            Put(HarnessLayout.PadPage + i, Pad(i));
        }

        for (uint at = PhysicalSlot(cases.Count); at < Records; at += 4)
        {
            Put(at, Pad(at));
        }

        for (int i = 0; i < cases.Count; i++)
        {
            FuzzCase one = cases[i];
            one.WriteSlot(SlotBytes(i));
            Record(Records + (uint)(i * RecordBytes), one, settings.Vfp);
        }
    }

    internal int RecordBytes { get; }

    internal int ResultBytes { get; }

    internal uint Records { get; }

    internal uint Results { get; }

    internal int ResultsLength { get; }

    internal uint[] Words => MemoryMarshal.Cast<byte, uint>(memory).ToArray();

    /// <summary>What the harness never changes of its variables.</summary>
    internal ReadOnlySpan<uint> Constants => MemoryMarshal.Cast<byte, uint>(
        memory.AsSpan((int)(HarnessLayout.Constants - HarnessLayout.Code), (int)HarnessLayout.ConstantBytes));

    /// <summary>The address at which a case sees its slot.</summary>
    internal static uint Slot(int number) => HarnessLayout.SlotsVirtual + (uint)(number * HarnessLayout.SlotBytes);

    /// <summary>Where the slot is in physical memory.</summary>
    internal static uint PhysicalSlot(int number) => HarnessLayout.Slots + (uint)(number * HarnessLayout.SlotBytes);

    /// <summary>A trap in both instruction sets for who comes at a multiple of four: SVC.</summary>
    internal static uint Pad(uint offset) => 0xEF00_DF00 | ((offset << 12) & 0xFF_0000) | ((offset >> 2) & 0xFF);

    /// <summary>Fills the slot of a case with traps; gives them.</summary>
    internal uint[] TakeOut(int number)
    {
        Span<uint> slot = MemoryMarshal.Cast<byte, uint>(SlotBytes(number));
        slot.Fill(Pad(0));
        return slot.ToArray();
    }

    private Span<byte> SlotBytes(int number) =>
        memory.AsSpan((int)(PhysicalSlot(number) - HarnessLayout.Code), HarnessLayout.SlotBytes);

    private static uint Section(uint address) => (address + HarnessLayout.SectionBytes - 1) & ~(HarnessLayout.SectionBytes - 1);

    /// <summary>Access permissions (ARM DDI 0406 B3.7.1) of a small page: AP[2] is bit 9, AP[1:0] bits 5:4.</summary>
    private static uint Page(uint address, uint permissions, bool executable) =>
        address | ((permissions & 4) << 7) | ((permissions & 3) << 4) | Cached | SmallPage | (executable ? 0 : NeverExecute);

    private void Variables(int cases, FuzzSettings settings)
    {
        uint hash = 0;
        foreach (uint word in settings.Window)
        {
            hash = word + BitOperations.RotateRight(hash, 1);
        }

        uint[] values =
        [
            Records, Records + (uint)(cases * RecordBytes), Results, (uint)RecordBytes, (uint)ResultBytes, settings.Sctlr,
            settings.Vfp ? 1u : 0, HarnessLayout.WindowPage, HarnessLayout.PristinePage, hash, HarnessLayout.Level1Table, 0, 0, 0, 0, 0,
            .. settings.Banks,
        ];
        for (int i = 0; i < values.Length; i++)
        {
            Put(HarnessLayout.Variables + (uint)(i * 4), values[i]);
        }
    }

    private void Tables(int cases)
    {
        const uint coarse = 1;
        const uint sectionData = 0x0001_041E; // S, AP = 01 (PL1 only), domain 0, write-back, XN
        const uint sectionCode = 0x0001_880E; // S, AP = 110 (read-only), domain 0
        Level1(HarnessLayout.UartVirtual, HarnessLayout.UartTable | coarse);
        Level1(HarnessLayout.WindowVirtual, HarnessLayout.WindowTable | coarse);
        Level1(HarnessLayout.ForbiddenVirtual, HarnessLayout.WindowTable | (1 << 5) | coarse);
        Level1(HarnessLayout.Code, HarnessLayout.HarnessTable | coarse);
        Level1(HarnessLayout.PadsVirtual, HarnessLayout.PadTable | coarse);
        for (uint at = Records; at < Section(Results + (uint)ResultsLength); at += HarnessLayout.SectionBytes)
        {
            Level1(at, at | sectionData);
        }

        uint slots = Section((uint)(cases * HarnessLayout.SlotBytes));
        for (uint at = 0; at < slots; at += HarnessLayout.SectionBytes)
        {
            Level1(HarnessLayout.SlotsVirtual + at, (HarnessLayout.Slots + at) | sectionCode);
        }

        Level1(HarnessLayout.SlotsVirtual + slots, HarnessLayout.PadTable | coarse);
        for (uint i = 0; i < 256; i++)
        {
            Put(HarnessLayout.WindowTable + (i * 4), WindowRights(i) is { } rights ? Page(HarnessLayout.WindowPage, rights, false) : 0);
            Put(HarnessLayout.PadTable + (i * 4), Page(HarnessLayout.PadPage, 6, true));
        }

        Put(HarnessLayout.UartTable + (((HarnessLayout.UartVirtual >> 12) & 0xFF) * 4), HarnessLayout.Uart | (1 << 4) | 4 | SmallPage | NeverExecute);
        Level2(HarnessLayout.Code, Page(HarnessLayout.Code, 5, true));
        Level2(HarnessLayout.Variables, Page(HarnessLayout.Variables, 1, false));
        Level2(HarnessLayout.LaunchPage, Page(HarnessLayout.LaunchPage, 1, false));
        Level2(HarnessLayout.WindowPage, Page(HarnessLayout.WindowPage, 1, false));
        Level2(HarnessLayout.PristinePage, Page(HarnessLayout.PristinePage, 1, false));
    }

    /// <summary>AP of a page of the window, null where nothing is mapped; most may be read and written.</summary>
    internal static uint? WindowRights(uint page) => (page % 24) switch
    {
        3 => null,
        6 => 2, // PL1 all, PL0 reads
        9 => 1, // PL1 only
        12 => 6, // read-only
        14 => 7, // read-only, too
        17 => 5, // PL1 reads
        20 => 0, // nobody
        _ => 3,
    };

    private void Level1(uint address, uint descriptor) => Put(HarnessLayout.Level1Table + ((address >> 20) * 4), descriptor);

    private void Level2(uint address, uint descriptor) => Put(HarnessLayout.HarnessTable + (((address >> 12) & 0xFF) * 4), descriptor);

    private void Record(uint at, FuzzCase one, bool vfp)
    {
        uint[] words = [.. one.Registers, one.Slot + one.Offset, one.Sp, one.Lr, one.Cpsr, one.Spsr];
        words = vfp ? [.. words, one.Fpscr, .. one.Vfp] : words;
        for (int i = 0; i < words.Length; i++)
        {
            Put(at + (uint)(i * 4), words[i]);
        }
    }

    private void Put(uint address, uint word) => BitConverter.TryWriteBytes(memory.AsSpan((int)(address - HarnessLayout.Code)), word);

    private static byte[] Assemble()
    {
        string folder = Directory.CreateTempSubdirectory("actortrace-harness-").FullName;
        try
        {
            string code = Path.Combine(folder, "harness.o");
            string flat = Path.Combine(folder, "harness.bin");
            Tool("arm-none-eabi-as", Path.Combine(AppContext.BaseDirectory, "harness.s"), "-o", code);
            Tool("arm-none-eabi-objcopy", "-O", "binary", "-j", ".text", code, flat);
            return File.ReadAllBytes(flat);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Tool(string name, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(name, arguments))
            ?? throw new InvalidOperationException($"{name} does not start.");
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{name} ends with {process.ExitCode}.");
        }
    }
}
