using ActorTrace.Machine.Images;
using ActorTrace.Machine.Tests.Guests;
using Xunit;

namespace ActorTrace.Machine.Tests.Images;

/// <summary>Damaged images: a result or an <see cref="ImageFormatException"/>, nothing else.</summary>
public sealed class HostileImageTests
{
    private static readonly byte[] Original = File.ReadAllBytes(QemuGuest.Image("rtos.elf"));

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(4, 3)]
    public void Mutated_bytes_never_break_the_reader(int seed, int target)
    {
        var random = new Random(seed);
        var (start, length) = Range(target);
        int refused = 0;
        for (int round = 0; round < 1500; round++)
        {
            var bytes = (byte[])Original.Clone();
            for (int i = random.Next(1, 9); i > 0; i--)
            {
                bytes[start + random.Next(length)] = random.Next(4) switch
                {
                    0 => 0,
                    1 => 0xFF,
                    2 => (byte)(1 << random.Next(8)),
                    _ => (byte)random.Next(256),
                };
            }

            refused += Accepted(bytes) ? 0 : 1;
        }

        Assert.True(refused > 0, "no mutation was noticed: the test does not reach the reader");
    }

    [Fact]
    public void Cut_debug_sections_never_break_the_reader()
    {
        var image = ElfImage.Parse(Original, "rtos.elf");
        Assert.True(image.TryFindSection(".debug_info", out var info));
        int header = FindSectionHeader(info.FileOffset, info.Size);
        int refused = 0;
        for (uint size = 1; size < info.Size; size += 13)
        {
            var bytes = (byte[])Original.Clone();
            BitConverter.TryWriteBytes(bytes.AsSpan(header + 20), size);
            refused += Accepted(bytes) ? 0 : 1;
        }

        Assert.True(refused > 1000, $"only {refused} cuts were noticed");
    }

    private static bool Accepted(byte[] bytes)
    {
        try
        {
            var image = ElfImage.Parse(bytes, "mutant");
            _ = image.Types.TryFindStruct("os_tcb", out var tcb);
            _ = tcb?.NamedMembers().Sum(m => m.Type.Size + (m.Type.ToString() ?? "").Length);
            return true;
        }
        catch (ImageFormatException exception)
        {
            Assert.StartsWith("mutant: byte 0x", exception.Message, StringComparison.Ordinal);
            return false;
        }
    }

    /// <summary>Where to hit: headers, debug entries, abbreviations, symbols up to the end of the file.</summary>
    private static (int Start, int Length) Range(int target)
    {
        var image = ElfImage.Parse(Original, "rtos.elf");
        string? section = target switch { 1 => ".debug_info", 2 => ".debug_abbrev", 3 => ".symtab", _ => null };
        if (section is null)
        {
            return (4, 112);
        }

        Assert.True(image.TryFindSection(section, out var found));
        return ((int)found.FileOffset, target == 3 ? Original.Length - (int)found.FileOffset : (int)found.Size);
    }

    private static int FindSectionHeader(uint offset, uint size)
    {
        for (int at = BitConverter.ToInt32(Original, 32); at + 40 <= Original.Length; at += 40)
        {
            if (BitConverter.ToUInt32(Original, at + 16) == offset && BitConverter.ToUInt32(Original, at + 20) == size)
            {
                return at;
            }
        }

        throw new InvalidOperationException("The section has no header.");
    }
}
