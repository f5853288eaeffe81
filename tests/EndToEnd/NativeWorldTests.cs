using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;

namespace ActorTrace.EndToEnd;

/// <summary>`hypervisor: none` against QEMU: the same image, one instruction = 64 ns in both.</summary>
public sealed class NativeWorldTests
{
    private const string Mark = "ActorTrace RTOS: done";

    [SkippableTheory]
    [InlineData("rtos.elf")]
    [InlineData("rtos-mmu.elf")]
    public void Console_text_and_the_count_at_the_end_mark_equal_qemus(string image)
    {
        string expected = Qemu.Console(Path.Combine(Workspace.Root, "guests", "rtos", "bin", image), Mark);
        SimulatedRun run = SimulatedRun.ByActors("native", ("rtos.elf", image));
        string console = run.Console("ucos");
        Assert.Contains(Mark, expected, StringComparison.Ordinal);
        Assert.StartsWith(expected, console, StringComparison.Ordinal);

        // The mark's own line tells the counter that the guest read before its first byte: 4 counts an instruction.
        ConsoleRecord mark = run.Records<ConsoleRecord>(StreamNames.Core(0)).Single(c => c.Text.StartsWith(Mark, StringComparison.Ordinal));
        ulong counter = ulong.Parse(mark.Text.Split("counter=")[1].Split(' ', '\r', '\n')[0], System.Globalization.CultureInfo.InvariantCulture);
        ulong counterAtFirstByte = run.Board.Scenario.Board.Clock.CountAt(mark.At);
        Assert.InRange(counterAtFirstByte - counter, 0UL, 4UL * 10_000);
    }

    [Fact]
    public void Two_cores_hand_an_sgi_to_and_fro()
    {
        SimulatedRun run = SimulatedRun.ByActors("pingpong");
        Assert.Contains("rounds=1000", run.Console("ping"), StringComparison.Ordinal);
    }
}
