using ActorTrace.Machine.Images;
using ActorTrace.Machine.Memory;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Guests.Workload;

/// <summary>What the model must know of the workload guest's kernel (guests/gpos): gates, sites, and where its variables lie in RAM.</summary>
internal sealed class KernelImage
{
    private readonly ElfImage image;
    private readonly RamRegion ram;
    private readonly ulong ramStart;

    /// <summary>Finds the kernel's symbols.</summary>
    /// <param name="image">The kernel.</param>
    /// <param name="ram">The guest's RAM.</param>
    /// <param name="ramStart">Guest physical address of its first byte.</param>
    /// <exception cref="ArgumentException">The image is not a kernel of this kind.</exception>
    public KernelImage(ElfImage image, RamRegion ram, Ipa ramStart)
    {
        this.image = image;
        this.ram = ram;
        this.ramStart = ramStart.Value;
        ModelIdle = Address("model_idle");
        ModelTask = Address("model_task");
        HandleIrq = Address("handle_irq");
        SiteReturn = Address("site_return");
        SwitchTo = Address("__switch_to");
        ControlWrite = Address("trace_ctl_write");
        ControlRead = Address("trace_ctl_read");
    }

    /// <summary>Gate: the idle task.</summary>
    public uint ModelIdle { get; }

    /// <summary>Gate: the body of any other task.</summary>
    public uint ModelTask { get; }

    /// <summary>Gate: an interrupt is to be handled.</summary>
    public uint HandleIrq { get; }

    /// <summary>Gate: a site has returned.</summary>
    public uint SiteReturn { get; }

    /// <summary>Site: __switch_to.</summary>
    public uint SwitchTo { get; }

    /// <summary>Site: trace_ctl_write.</summary>
    public uint ControlWrite { get; }

    /// <summary>Site: trace_ctl_read.</summary>
    public uint ControlRead { get; }

    /// <summary>All gates.</summary>
    public uint[] Gates => [ModelIdle, ModelTask, HandleIrq, SiteReturn];

    /// <summary>Virtual address of a symbol.</summary>
    public uint Address(string symbol) =>
        image.Symbols.TryFind(symbol, out ElfSymbol? found)
            ? found.Address.Value
            : throw new ArgumentException($"{image.Name} has no symbol '{symbol}': it is no kernel of a workload guest.", nameof(symbol));

    /// <summary>A struct of the kernel.</summary>
    public AggregateType Struct(string tag) =>
        image.Types.TryFindStruct(tag, out AggregateType? type)
            ? type
            : throw new ArgumentException($"{image.Name} has no 'struct {tag}': it is no kernel of a workload guest.", nameof(tag));

    /// <summary>A global variable's type.</summary>
    public DataType TypeOf(string variable) =>
        image.Types.TryFindVariable(variable, out GlobalVariable? found)
            ? found.Type.Underlying
            : throw new ArgumentException($"{image.Name} has no variable '{variable}': it is no kernel of a workload guest.", nameof(variable));

    /// <summary>The bytes of kernel data in guest RAM.</summary>
    /// <param name="address">Kernel virtual address.</param>
    /// <param name="length">How many bytes.</param>
    public Span<byte> Data(uint address, uint length)
    {
        foreach (ElfSegment segment in image.Segments)
        {
            if (segment.Contains(new GuestVa(address)))
            {
                ulong offset = segment.PhysicalAddress.Value + (address - segment.VirtualAddress.Value) - ramStart;
                return ram.Bytes.AsSpan((int)offset, (int)length);
            }
        }

        throw new ArgumentException($"0x{address:x8} is no data of {image.Name}.", nameof(address));
    }
}
