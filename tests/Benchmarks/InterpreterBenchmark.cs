using System.Buffers.Binary;
using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Gic;
using ActorTrace.Machine.Images;
using ActorTrace.Machine.Memory;
using ActorTrace.Machine.Values;
using BenchmarkDotNet.Attributes;

namespace ActorTrace.Benchmarks;

/// <summary>Instructions a second of the interpreter on guests/bench (CRC, list, matrix, state machine). Aim: 300 million.</summary>
public class InterpreterBenchmark
{
    private const uint Instructions = 50_000_000;
    private const uint Ram = 0x4000_0000;
    private const uint Table = Ram + (15 << 20);
    private Core core = null!;

    /// <summary>With sections that map the RAM to itself, or with the MMU off.</summary>
    [Params(false, true)]
    public bool Mmu { get; set; }

    /// <summary>The mix in A32, and in T32.</summary>
    [Params("mix.elf", "mix-thumb.elf")]
    public string Image { get; set; } = "";

    /// <summary>Loads the mix and runs it warm.</summary>
    [GlobalSetup]
    public void Load()
    {
        ElfImage image = ElfImage.Parse(File.ReadAllBytes(Repository.File("guests", "bench", "bin", Image)), Image);
        RamRegion ram = new(new Pa(Ram), 16 << 20);
        foreach (ElfSegment segment in image.Segments)
        {
            segment.FileBytes.Span.CopyTo(ram.Bytes.AsSpan((int)(segment.PhysicalAddress.Value - ram.Start.Value)));
        }

        ClockRates rates = new(1_700_000_000, 24_000_000, 1);
        VcpuContext vcpu = new(new VcpuId(new GuestId(0), 0));
        vcpu.Reset(image.EntryPoint, 0, 0, 0);
        if (Mmu)
        {
            for (uint section = Ram; section < Ram + (16 << 20); section += 1 << 20)
            {
                const uint NormalReadWrite = 0x1C0E;
                BinaryPrimitives.WriteUInt32LittleEndian(ram.Bytes.AsSpan((int)(Table - Ram + (section >> 20 << 2))), section | NormalReadWrite);
            }

            (vcpu.Cp15.Ttbr0, vcpu.Cp15.Dacr) = (Table, 1);
            vcpu.Cp15.Sctlr |= 1;
        }

        core = new Core(new CoreId(0), rates, CorePeripherals.UnderHypervisor(rates, new CoreId(0), 1));
        core.Attach(vcpu, new PhysicalMemory([ram]));
        core.RunUntil(core.Now + Instructions);
    }

    /// <summary>Fifty million instructions an operation.</summary>
    [Benchmark(OperationsPerInvoke = (int)Instructions)]
    public CoreExit Mix() => core.RunUntil(core.Now + Instructions);
}
