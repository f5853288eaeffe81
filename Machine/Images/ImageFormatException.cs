namespace ActorTrace.Machine.Images;

/// <summary>A program image or its debug information is not what it has to be. The message is one line:
/// image, byte offset, what is wrong, and what to do about it.</summary>
public sealed class ImageFormatException : Exception
{
    /// <summary>Makes the message.</summary>
    /// <param name="image">Name of the image, as the user gave it.</param>
    /// <param name="offset">Byte offset in the image where the mistake is.</param>
    /// <param name="problem">What is wrong, without a full stop.</param>
    /// <param name="mend">What the user can do; null where nothing but another file helps.</param>
    public ImageFormatException(string image, ulong offset, string problem, string? mend = null)
        : base($"{image}: byte 0x{offset:x}: {problem}{(mend is null ? "" : $" ({mend})")}")
    {
        Image = image;
        Offset = offset;
    }

    /// <summary>Name of the image.</summary>
    public string Image { get; }

    /// <summary>Byte offset in the image.</summary>
    public ulong Offset { get; }
}
