using System.Globalization;
using ActorTrace.Actors.Experiments.Overhead;
using ActorTrace.Machine.Boards;
using ActorTrace.Machine.Values;

namespace ActorTrace.Hosting.Cli.Bench;

/// <summary>What a hit costs, by the sources and the cost table; nothing here looks at a run.</summary>
internal static class OverheadComposition
{
    private static readonly ClockRates Arndale = new(1_700_000_000, 24_000_000, 1);

    /// <summary>Writes it.</summary>
    public static void Write(TextWriter output)
    {
        output.WriteLine("""
            The benchmarks are machine code ([guests/overhead](../guests/overhead/README.md)): a kernel like uC/OS-II on one core runs one of
            them and reads its cycle counter before and after; Android is on the other core. A score is 1 / cycles, an overhead
            1 - score / score with tracing off. Nothing is fitted to a row: the cost table is calibrated on the board's micro-costs, the rest is
            what the simulated hypervisor does.

            ### Before the runs: what a hit takes

            On the core of the guest, in cycles; the GPOS works on its own core.
            """);
        output.WriteLine();
        Parts(output, "a switch hit, nobody became ready", HitComposition.SwitchHit(0));
        Parts(output, "a switch hit, one task became ready", HitComposition.SwitchHit(1));
        Parts(output, "a hit on a function's entry", HitComposition.FunctionHit());
        Parts(output, "a tick of the guest, traced or not", HitComposition.Tick());
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            Words, by [ucos2.yaml](../scenarios/profiles/ucos2.yaml): a task {HitComposition.OfTask.Sum(w => w.Words)} ({string.Join(", ", HitComposition.OfTask.Select(w => $"{w.What} = {w.Words}"))});
            a switch hit reads OSTCBCur, OSTCBHighRdy and both tasks, OSRdyTbl (2), four words of the stack, and of each task that became
            ready its entry of OSTCBPrioTbl and the task: {HitComposition.SwitchWords(0)}, and {HitComposition.SwitchWords(1) - HitComposition.SwitchWords(0)} for each. A function hit
            reads OSTCBCur, its task and the stack: {HitComposition.FunctionWords}. The displaced instruction takes what it takes without a probe.

            predicted cycles = (native cycles + iterations x hits of an iteration x hit) / (1 - share), where the share is what ticks (1,000 a
            second) and the housekeeping task (100 a second, two switches each) take of all time. With a probe on every function the hits are the entries of
            functions, counted in a world in which everything is free.

            ### Before the runs: the paths of the operating system

            A whole operating system takes longer for these operations than the small kernel; a counted loop fills them up.
            """));
        output.WriteLine();
        OverheadMarkdown.Table(
            output, ["operation", "us#", "cycles#", "source"],
            CalibratedPaths.All.Select(p => (string[])
            [
                p.Name, (p.Nanoseconds / 1000.0).ToString("0.00", CultureInfo.InvariantCulture), Rendering.Number(p.Cycles(Arndale)), p.Source,
            ]));
    }

    private static void Parts(TextWriter output, string title, IReadOnlyList<CostPart> parts)
    {
        CostTable[] tables = [.. OverheadCalibration.All.Select(c => c.Costs)];
        OverheadMarkdown.Table(
            output, [title, "times#", .. OverheadCalibration.All.Select(c => c.Name + "#"), "pays for"],
            [
                .. parts.Select(p => (string[])[p.Cost, Rendering.Number((ulong)p.Times), .. tables.Select(t => Rendering.Number(p.Cycles(t))), p.Why]),
                ["**sum**", "", .. tables.Select(t => $"**{Rendering.Number(HitComposition.Cycles(parts, t))}**"), ""],
            ]);
    }
}
