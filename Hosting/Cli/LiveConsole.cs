using ActorTrace.Machine.Values;
using ActorTrace.Traces.Formats.ConsoleText;

namespace ActorTrace.Hosting.Cli;

/// <summary>Shows what a guest prints while it runs. Cores run on threads of their own.</summary>
/// <param name="guest">The guest's name.</param>
/// <param name="output">Where to.</param>
public sealed class LiveConsole(string guest, TextWriter output)
{
    private readonly ConsolePrinter _printer = new(output);
    private readonly Lock _lock = new();

    /// <summary>The guest's name.</summary>
    public string Guest { get; } = guest;

    /// <summary>Shows a byte.</summary>
    public void Show(byte value)
    {
        lock (_lock)
        {
            _printer.Write(default(GuestId), [value]);
            output.Flush();
        }
    }

    /// <summary>Ends the last line.</summary>
    public void End()
    {
        lock (_lock)
        {
            _printer.EndLine();
            output.Flush();
        }
    }
}
