using System.Text;
using ActorTrace.Hosting.Yaml;

namespace ActorTrace.Hosting.Scenarios;

/// <summary>Text files of the user are UTF-8.</summary>
internal static class Utf8
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text of a file's bytes, without a byte order mark.</summary>
    /// <exception cref="InputException">The bytes are no UTF-8.</exception>
    public static string Decode(string file, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes.Span).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException e)
        {
            throw new InputException(file, $"the file is no UTF-8 text (byte {Math.Max(0, e.Index)})", "save it as UTF-8 YAML");
        }
    }
}
