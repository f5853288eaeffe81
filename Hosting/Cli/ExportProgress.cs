using System.Globalization;
using ActorTrace.Hosting.Telemetry;

namespace ActorTrace.Hosting.Cli;

/// <summary>Shows how far an export is.</summary>
/// <param name="output">Where to.</param>
/// <param name="terminal">True where the line may be rewritten.</param>
internal sealed class ExportProgress(TextWriter output, bool terminal) : IProgress<ExportCount>
{
    private readonly ProgressLine _line = new(output, terminal);

    /// <inheritdoc/>
    public void Report(ExportCount value) => _line.Show(wall => string.Create(
        CultureInfo.InvariantCulture, $"{value.Done} spans sent, {value.Done / Math.Max(wall, 0.001) / 1000:0} k/s, {value.Retries} requests repeated"));

    /// <summary>Removes the line from the terminal.</summary>
    public void Clear() => _line.Clear();
}
