using System.Globalization;
using ActorTrace.Benchmarks;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

// dotnet run -c Release --project tests/Benchmarks -- make-journal FILE EVENTS
if (args is ["make-journal", { } file, { } events])
{
    await JournalMaker.MakeAsync(file, long.Parse(events, CultureInfo.InvariantCulture));
    return;
}

// dotnet run -c Release --project tests/Benchmarks -- --filter '*'
// In this process: a build of its own would have to satisfy the analyzers with generated code.
IConfig config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
BenchmarkSwitcher.FromAssembly(typeof(SpanBenchmark).Assembly).Run(args, config);
