using ActorTrace.Hosting.Cli;

using var interrupts = new Interrupts();
var context = new CliContext(Console.Out, Console.Error, new SimulationEngine(), new JournalFiles(), interrupts.Stop)
{
    ErrorIsTerminal = !Console.IsErrorRedirected,
};
return await CommandLine.RunAsync(args, context);
