namespace ActorTrace.EndToEnd.Validate;

/// <summary>Without a hypervisor the measuring guests count the same cycles as under QEMU: one instruction is 64 of them in both.</summary>
public sealed class MeasuringGuestsOnQemuTests
{
    [SkippableTheory]
    [InlineData("micro", "nothing", "device-access", "interface-access", "acknowledge-end")]
    [InlineData("lmbench", "null-call", "token", "hop", "round-trip")]
    [InlineData("lmbench-physical", "null-call", "token", "hop", "round-trip")]
    public void A_guest_measures_on_qemu_what_it_measures_here(string guest, params string[] measurements)
    {
        string image = Path.Combine(Workspace.Root, "guests", "micro", "bin", guest + ".elf");
        var expected = MeasuringGuest.Printed(Qemu.Console(image, measurements[^1]));
        SimulatedRun run = SimulatedRun.ByActors(
            "native", ("../guests/rtos/bin/rtos.elf\n    profile: ucos2", image), ("duration: 2s", "duration: 10s"));
        var ours = MeasuringGuest.Printed(run.Console("ucos"));
        Assert.All(measurements, m => Assert.Equal(expected[m], ours[m]));
    }
}
