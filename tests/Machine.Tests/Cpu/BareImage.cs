using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ActorTrace.Machine.Tests.Cpu;

/// <summary>An ELF file of code words alone, which QEMU loads and starts at their address.</summary>
internal static class BareImage
{
    internal static byte[] Of(uint address, ReadOnlySpan<uint> words)
    {
        const int headers = 52 + 32;
        byte[] file = new byte[headers + (words.Length * 4)];
        MemoryMarshal.AsBytes(words).CopyTo(file.AsSpan(headers));
        new byte[] { 0x7F, (byte)'E', (byte)'L', (byte)'F', 1, 1, 1 }.CopyTo(file, 0);
        Half(file, 16, 2, 40);
        Word(file, 20, 1, address, 52, 0, 0x0500_0000);
        Half(file, 40, 52, 32, 1, 40);
        Word(file, 52, 1, headers, address, address, (uint)words.Length * 4, (uint)words.Length * 4, 7, 4);
        return file;
    }

    private static void Half(byte[] file, int at, params ReadOnlySpan<ushort> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at + (2 * i)), values[i]);
        }
    }

    private static void Word(byte[] file, int at, params ReadOnlySpan<uint> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at + (4 * i)), values[i]);
        }
    }
}
