using ActorTrace.Actors.Scenarios;
using ActorTrace.Hosting.Scenarios;
using ActorTrace.Hosting.Yaml;
using ActorTrace.Machine.Boards;
using ActorTrace.Machine.Uart;
using ActorTrace.Machine.Values;
using Xunit;

namespace ActorTrace.Hosting.Tests.Scenarios;

/// <summary>The keys `platform`, `deviceTree` and `input` of a guest.</summary>
public class PlatformTests
{
    [Fact]
    public void The_Arndale_preset_gives_the_board_s_addresses_and_single_ones_can_differ()
    {
        Assert.Equal(PlatformSpec.Arndale(64 << 20), Read("platform: arndale").Platform);
        Assert.Equal(
            PlatformSpec.Arndale(32 << 20) with { Uart = new Ipa(0x12C0_0000), UartInterrupt = 83 },
            Read("platform: {preset: arndale, ram: {size: 32MiB}, uart: 0x12C00000, uartInterrupt: 83}").Platform);
        Assert.Equal(
            PlatformSpec.Virt(64 << 20) with { UartModel = UartModel.Exynos4210 }, Read("platform: {uartModel: exynos4210}").Platform);
    }

    [Fact]
    public void The_flash_holds_a_file_is_absent_on_demand_and_where_something_else_lies()
    {
        GuestSpec guest = Read("platform: {flash: rtos.elf}");
        Assert.Equal(new Ipa(0), guest.Platform.Flash);
        Assert.True(guest.FlashImage.Span.SequenceEqual(ScenarioText.RtosImage));
        Assert.Null(Read("platform: {flash: none}").Platform.Flash);
        Assert.Null(Read("platform: {gicd: 0x01000000}").Platform.Flash);
        Assert.Null(Read("platform: arndale").Platform.Flash);
    }

    [Fact]
    public void A_device_tree_lies_at_the_start_of_RAM_or_where_the_image_leaves_room_or_where_it_is_put()
    {
        Assert.Null(Read("ram: 64MiB").DeviceTree);
        Assert.Null(Read("deviceTree: false").DeviceTree);
        Assert.Equal(new Ipa(0x4000_0000), Read("deviceTree: true").DeviceTree);
        Assert.Equal(new Ipa(0x4100_0000), Read("deviceTree: 0x41000000").DeviceTree);
    }

    [Fact]
    public void What_is_typed_is_read_in_order()
    {
        GuestSpec guest = Read("input: [{after: \"=> \", text: \"help\\n\"}, {at: 3ms, text: q}]");
        Assert.Equal(
            [new TypedText(VirtualInstant.Zero, "=> ", "help\n"), new TypedText(new VirtualInstant(3_000_000), "", "q")], guest.Input);
    }

    [Theory]
    [InlineData("platform: arndael", "s.yaml:12:15: 'arndael' is no value for 'platform' (virt, arndale, or a mapping")]
    [InlineData("platform: {preset: virt, uartInterrupt: 12}", "s.yaml:12:45: '12' is no value for 'uartInterrupt' (a whole number from 32 to 95)")]
    [InlineData("platform: {flash: nothing.bin}", "s.yaml:12:23: 'nothing.bin' does not exist (")]
    [InlineData("platform: {gicd: 0x01000000, flash: rtos.elf}", "s.yaml:12:41: flash at 0x00000000 overlaps gicd at 0x01000000 (move one of them, or write 'flash: none')")]
    [InlineData("deviceTree: 0x30000000", "s.yaml:12:17: the device tree cannot be at 0x30000000 (")]
    [InlineData("deviceTree: 0x40008000", "s.yaml:12:17: the device tree at 0x40008000 lies in the image (")]
    [InlineData("deviceTree: maybe", "s.yaml:12:17: 'maybe' is no value for 'deviceTree' (")]
    [InlineData("input: [{at: 3ms}]", "s.yaml:12:13: key 'text' is missing in 'guests[0].input[0]' (")]
    [InlineData("input: [{text: \"\\u2192\"}]", "s.yaml:12:20: a console takes bytes (")]
    [InlineData("input: [{text: q, when: 3ms}]", "s.yaml:12:23: unknown key 'when' (")]
    public void A_mistake_is_told_with_its_place(string line, string message)
    {
        InputException error = Assert.Throws<InputException>(() => Read(line));
        Assert.StartsWith(message, error.Message[error.Message.IndexOf("s.yaml", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    private static GuestSpec Read(string line)
    {
        using var folder = new TempFolder();
        string path = ScenarioText.WriteTo(folder, "elf: rtos.elf", "elf: rtos.elf\n    " + line);
        return ScenarioLoader.LoadFile(path, ScenarioChanges.None).Guests[0];
    }
}
