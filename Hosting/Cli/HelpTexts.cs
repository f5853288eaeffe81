using System.CommandLine;

namespace ActorTrace.Hosting.Cli;

/// <summary>What the help says after the options of a command: examples and exit codes.</summary>
internal static class HelpTexts
{
    private static readonly Dictionary<string, string> Examples = new(StringComparer.Ordinal)
    {
        ["run"] = """
              actortrace run scenarios/arndale.yaml
              actortrace run scenarios/arndale.yaml --for 500ms --journal short.atj --json
              actortrace run scenarios/native.yaml --console ucos

            Ctrl-C ends the run at a window boundary, with a valid journal; pressed twice it ends at once.
            """,
        ["replay"] = """
              actortrace replay arndale.atj --to trace.dat && trace-cmd report -i arndale.dat
              actortrace replay arndale.atj --to trace.dat-set -o arndale-set
              actortrace replay arndale.atj --to ftrace --view board -o - | less
              actortrace replay arndale.atj --to console --guest ucos --timestamps
            """,
        ["export"] = """
              actortrace export arndale.atj --otlp http://localhost:4318
              actortrace export arndale.atj --otlp http://localhost:4317 --causal --time-scale 1000
            """,
        ["inspect"] = """
              actortrace inspect arndale.atj
              actortrace inspect arndale.atj --run 1f0c --json
            """,
        ["report"] = """
              actortrace report arndale.atj
              actortrace report arndale.atj --deadline RTOS-Task1=2ms --deadline RTOS-Task4=16ms
              actortrace report arndale.atj --from 500ms --until 1s --json
              actortrace report arndale.atj --html arndale.html
            """,
        ["plot"] = """
              actortrace plot arndale.atj --from 200ms --until 250ms -o arndale.svg
              actortrace plot arndale.dat --width 1600 --height 600 -o arndale.png
            """,
        ["list"] = """
              actortrace list arndale.atj
              actortrace list arndale.atj --json
            """,
        ["check"] = """
              actortrace profile check guests/rtos/bin/rtos.elf ucos2
              actortrace profile check kernel.elf my-kernel.yaml --json
            """,
        ["import"] = """
              actortrace import trace.dat && actortrace inspect trace.atj
              actortrace import android-systrace.txt -o captures.atj --json
            """,
        ["resume"] = """
              actortrace resume arndale.atj
              actortrace resume arndale.atj --run 1f0c --json
            """,
        ["serve"] = """
              actortrace serve
              actortrace serve --urls http://127.0.0.1:8080 --data /var/lib/actortrace --max-runs 4
              actortrace serve --otlp http://localhost:4318 --time-scale 1000

            Then open the address in a browser. Ctrl-C ends the service; runs that were being simulated can be continued.
            """,
        ["verify"] = """
              actortrace verify arndale.atj
              actortrace verify arndale.atj --run 1f0c
            """,
    };

    private const string ExitCodesText = """
        Exit codes:
          0    done
          1    failure: the run failed, a journal cannot be read or written, verify found a difference,
               a profile does not fit
          2    usage: the command line, the scenario or a file named there cannot be used; nothing was begun
          130  ended by Ctrl-C
        """;

    /// <summary>The text for a command; the root command has no examples of its own.</summary>
    public static string For(Command command) =>
        (Examples.TryGetValue(command.Name, out string? examples) ? "Examples:\n" + examples + "\n\n" : "") + ExitCodesText;
}
