using System.Buffers.Binary;
using ActorTrace.Actors.Guests;
using ActorTrace.Machine.Images;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Experiments.Overhead;

/// <summary>What the benchmark guest says at its end.</summary>
/// <param name="Cycles">Its cycle counter's difference: the score is its inverse.</param>
/// <param name="Switches">Context switches meanwhile, by the guest's own count.</param>
/// <param name="Checksum">Of the work done.</param>
public readonly record struct BenchResult(uint Cycles, uint Switches, uint Checksum);

/// <summary>The words through which guests/overhead is told what to do and says what came of it (guests/overhead/request.h).</summary>
public static class BenchGuest
{
    private const string Request = "request";
    private const string Result = "result";
    private const int ResultWords = 4;

    /// <summary>The image with a request in it.</summary>
    /// <param name="image">The image as it was built.</param>
    /// <param name="benchmark">Which benchmark.</param>
    /// <param name="iterations">How often.</param>
    /// <param name="clock">The board's clocks, which turn the paths into cycles.</param>
    public static ElfImage With(ElfImage image, OverheadBenchmark benchmark, uint iterations, ClockRates clock)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(benchmark);
        uint address = AddressOf(image, Request).Value;
        ElfSection data = image.Sections.First(s => s.Address.Value != 0 && address - s.Address.Value < s.Size);
        byte[] bytes = image.Bytes.ToArray();
        Span<byte> words = bytes.AsSpan((int)(data.FileOffset + (address - data.Address.Value)));
        uint[] request = [(uint)benchmark.Number, iterations, .. CalibratedPaths.All.Select(p => p.Cycles(clock))];
        for (int i = 0; i < request.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(words[(i * sizeof(uint))..], request[i]);
        }

        return ElfImage.Parse(bytes, image.Name);
    }

    /// <summary>Reads the result out of the guest's memory after a run; null where the guest has not come to its end.</summary>
    public static BenchResult? Read(GuestLease guest)
    {
        ArgumentNullException.ThrowIfNull(guest);
        ulong offset = AddressOf(guest.Spec.Image, Result).Value - guest.Spec.Platform.RamStart.Value;
        Pa ram = guest.Memory.Regions.First(r => r.Bytes.Length == guest.Spec.Platform.RamSize).Start;
        ReadOnlySpan<byte> words = guest.Memory.Slice(new Pa(ram.Value + offset), ResultWords * sizeof(uint));
        return Word(words, 0) != 0 ? new BenchResult(Word(words, 1), Word(words, 2), Word(words, 3)) : null;
    }

    private static uint Word(ReadOnlySpan<byte> words, int index) => BinaryPrimitives.ReadUInt32LittleEndian(words[(index * sizeof(uint))..]);

    private static GuestVa AddressOf(ElfImage image, string symbol) => image.Symbols.TryFind(symbol, out ElfSymbol? found)
        ? found.Address
        : throw new InvalidOperationException($"{image.Name} has no '{symbol}': it is no image of guests/overhead.");
}
