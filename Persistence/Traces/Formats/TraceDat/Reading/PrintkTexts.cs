using System.Globalization;
using System.Text;

namespace ActorTrace.Traces.Formats.TraceDat.Reading;

/// <summary>Texts of the kernel by address (printk_formats): lines such as 0xffffffff81c2d5a0 : "Rescheduling interrupts".</summary>
internal sealed class PrintkTexts
{
    private readonly Dictionary<ulong, string> _texts = [];

    /// <summary>Reads the lines; those of another form are left out.</summary>
    public PrintkTexts(string text)
    {
        foreach (ReadOnlySpan<char> raw in text.AsSpan().EnumerateLines())
        {
            ReadOnlySpan<char> line = raw.Trim();
            int colon = line.IndexOf(" : ", StringComparison.Ordinal);
            if (colon < 0)
            {
                continue;
            }

            ReadOnlySpan<char> address = line[..colon];
            address = address.StartsWith("0x", StringComparison.Ordinal) ? address[2..] : address;
            ReadOnlySpan<char> quoted = line[(colon + 3)..].Trim();
            if (quoted.Length >= 2 && quoted[0] == '"' && quoted[^1] == '"'
                && ulong.TryParse(address, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong at))
            {
                _texts[at] = Unescape(quoted[1..^1]);
            }
        }
    }

    /// <summary>The text at an address; null where none is known.</summary>
    public string? At(ulong address) => _texts.GetValueOrDefault(address);

    private static string Unescape(ReadOnlySpan<char> text)
    {
        var plain = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            bool escaped = text[i] == '\\' && i + 1 < text.Length;
            i += escaped ? 1 : 0;
            plain.Append(!escaped ? text[i] : text[i] switch { 'n' => '\n', 't' => '\t', _ => text[i] });
        }

        return plain.ToString().TrimEnd('\n');
    }
}
