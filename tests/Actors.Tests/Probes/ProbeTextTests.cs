using ActorTrace.Actors.Hypervisor;
using ActorTrace.Actors.Hypervisor.Extraction;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Machine.Images;
using ActorTrace.Machine.Profiles;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Tests.Probes;

/// <summary>Places and filters as users write them.</summary>
public sealed class ProbeTextTests
{
    private static readonly ElfImage Arm = Image("probed-arm.elf");
    private static readonly ElfImage Thumb = Image("probed-thumb.elf");

    [Theory]
    [InlineData("none", null, null, 1u)]
    [InlineData(" task=RTOS-Task2  every=10 ", "RTOS-Task2", null, 10u)]
    [InlineData("task=\"two words\" id=0", "two words", 0u, 1u)]
    [InlineData("every=1", null, null, 1u)]
    [InlineData("task=12", "12", null, 1u)]
    public void A_filter_is_read(string text, string? task, uint? id, uint every)
    {
        Assert.True(ProbeFilterText.TryParse(text, out ProbeFilter? filter));
        Assert.Equal(new ProbeFilter(id, task, every), filter);
    }

    [Theory]
    [InlineData("")]
    [InlineData("all")]
    [InlineData("every=0")]
    [InlineData("every=-1")]
    [InlineData("every")]
    [InlineData("task=")]
    [InlineData("task=a task=b")]
    [InlineData("task=\"a")]
    [InlineData("task=sixteen-letters-")]
    [InlineData("id=x")]
    [InlineData("=3")]
    [InlineData("colour=red")]
    [InlineData("none every=2")]
    public void Anything_else_is_no_filter(string text) => Assert.False(ProbeFilterText.TryParse(text, out _));

    [Fact]
    public void A_symbol_tells_its_instruction_set_and_a_suffix_asks_for_returns()
    {
        uint address = Find(Thumb, "shape_bl");
        Assert.Equal(new ProbePlace(new GuestVa(address), true, false), Symbol(Thumb, "shape_bl"));
        Assert.Equal(new ProbePlace(new GuestVa(address + 2), true, true), Symbol(Thumb, "shape_bl+2/return"));
        Assert.Equal(new ProbePlace(new GuestVa(Find(Arm, "shape_bl")), false, true), Symbol(Arm, "shape_bl/return"));

        // What interworks is of the other set.
        Assert.True(Symbol(Arm, "other_set")?.Thumb);
        Assert.False(Symbol(Thumb, "other_set")?.Thumb);
        Assert.Null(Symbol(Arm, "shape_bl/returns"));
        Assert.Null(Symbol(Arm, "0x40008000"));
        Assert.False(ProbePlace.TryParseSymbol(Arm, "shape_bl+2", out _, out string? problem));
        Assert.Contains("lies within an A32 instruction", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0x50000001", 0x50000000u, true, false)]
    [InlineData("0x50000002", 0x50000002u, false, false)]
    [InlineData("1342177280/return", 0x50000000u, false, true)]
    public void Outside_the_image_bit_0_of_an_address_says_T32(string text, uint address, bool thumb, bool returns)
    {
        Assert.True(ProbePlace.TryParseAddress(Thumb, text, out ProbePlace place, out _));
        Assert.Equal(new ProbePlace(new GuestVa(address), thumb, returns), place);
    }

    [Fact]
    public void Every_nth_counts_what_the_task_admits()
    {
        HitFilters filters = new();
        ProbeDefinition probe = new(1, new GuestId(1), new GuestVa(0x8000), ProbeKind.Function, VirtualInstant.Zero, VirtualInstant.Never)
        {
            Filter = new ProbeFilter(7, null, 2),
        };
        TaskSnapshot seven = new() { Id = 7 };
        TaskSnapshot eight = new() { Id = 8 };
        Assert.True(filters.AdmitsUnread(probe));
        Assert.Equal(
            [false, false, true, false, false, true],
            new[] { seven, eight, seven, eight, seven, seven }.Select(t => filters.AdmitsRead(probe, t, t)));
    }

    private static ProbePlace? Symbol(ElfImage image, string text) => ProbePlace.TryParseSymbol(image, text, out ProbePlace place, out _) ? place : null;

    private static uint Find(ElfImage image, string name) => image.Symbols.TryFind(name, out ElfSymbol? symbol) ? symbol.Address.Value : 0;

    private static ElfImage Image(string name) => ElfImage.Parse(File.ReadAllBytes(Workload.Repository.File("guests", "probed", "bin", name)), name);
}
