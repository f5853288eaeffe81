using System.Diagnostics;
using System.Globalization;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Formats.Reading;
using Xunit;
using Xunit.Abstractions;

namespace ActorTrace.Traces.Tests.Formats.Reading.Fuzzing;

/// <summary>Damaged files are read, or refused in one line: never an unhandled exception, never a hang, never memory without bound.</summary>
public sealed class ReaderFuzzTests(ITestOutputHelper output)
{
    private const int DefaultSeconds = 30;
    private const int DefaultSeed = 1;
    private const int FilesOfASeed = 64;

    // What the tables, line buffers and chunks may take whatever the file is, and how much a byte of it may cost: a short line
    // becomes an event with its strings.
    private const long BytesOfAnyFile = 512L << 20;
    private const long BytesOfAByte = 4096;

    [Fact]
    public void Damaged_files_are_read_or_refused_in_one_line()
    {
        int seconds = Setting("ACTORTRACE_FUZZ_SECONDS", DefaultSeconds);
        int seed = Setting("ACTORTRACE_FUZZ_SEED", DefaultSeed);
        IReadOnlyList<byte[]> good = SeedFiles.Make();
        Assert.All(good, file => Assert.True(Read(file) > 0));
        long files = 0;
        long refused = 0;
        for (var passed = Stopwatch.StartNew(); passed.Elapsed.TotalSeconds < seconds; seed++)
        {
            var mutator = new Mutator(seed, good);
            for (int number = 0; number < FilesOfASeed; number++)
            {
                byte[] file = mutator.Next();
                try
                {
                    refused += Read(file) < 0 ? 1 : 0;
                }
                catch (Exception e)
                {
                    string kept = Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"reader-{seed}-{number}.bin"));
                    File.WriteAllBytes(kept, file);
                    Assert.Fail($"seed {seed}, file {number}, kept as {kept}: {e}");
                }

                files++;
            }
        }

        output.WriteLine($"{files} files, {refused} refused, seeds from {Setting("ACTORTRACE_FUZZ_SEED", DefaultSeed)} to {seed - 1}");
        Assert.True(refused > 0 && refused < files);
    }

    [Theory]
    [MemberData(nameof(Corpus))]
    public void What_was_found_once_stays_mended(string name) => Read(File.ReadAllBytes(Path.Combine(CorpusFolder, name)));

    public static TheoryData<string> Corpus => [.. Directory.EnumerateFiles(CorpusFolder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static string CorpusFolder => Path.Combine(AppContext.BaseDirectory, "Formats", "Corpus");

    /// <summary>Reads a file and makes records of it; its events, or -1 where it is refused.</summary>
    private static long Read(byte[] bytes)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        long events = ReadEvents(bytes);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated <= BytesOfAnyFile + (BytesOfAByte * bytes.Length), $"{allocated} bytes allocated for a file of {bytes.Length}");
        return events;
    }

    private static long ReadEvents(byte[] bytes)
    {
        try
        {
            using TraceFile file = TraceFile.Open(new MemoryStream(bytes));
            using var records = new RecordWriter();
            var check = new Checks(file.Cpus, records);
            TraceFileCounts counts = file.Send(check, new EventTypes());
            Assert.Equal(check.Events, counts.Events);
            return counts.Events;
        }
        catch (TraceFileException e)
        {
            Assert.DoesNotContain('\n', e.Message);
            Assert.InRange(e.Place?.Number ?? 0, 0, bytes.Length + 1L);
            return -1;
        }
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : otherwise;

    /// <summary>What holds of the events of any file; what they become must fit into a journal and into a text.</summary>
    private sealed class Checks : ITraceEventSink
    {
        private readonly int _cpus;
        private readonly EventRecords? _records;
        private ulong _last;

        public Checks(int cpus, RecordWriter writer)
        {
            _cpus = cpus;
            _records = cpus > EventRecords.MostCpus ? null : new EventRecords(cpus, record =>
            {
                writer.Clear();
                writer.Add(record);
            });
        }

        public long Events { get; private set; }

        public void Write(in TraceEvent next)
        {
            Events++;
            Assert.InRange(next.Cpu, 0, _cpus - 1);
            Assert.True(next.Nanoseconds >= _last && next.Nanoseconds <= long.MaxValue);
            _last = next.Nanoseconds;
            _records?.Write(next);
        }

        public void Lost(int cpu, ulong nanoseconds, ulong count)
        {
            Assert.InRange(cpu, 0, _cpus - 1);
            _records?.Lost(cpu, nanoseconds, count);
        }
    }
}
