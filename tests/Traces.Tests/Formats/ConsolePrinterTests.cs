using System.Text;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Formats.ConsoleText;
using Xunit;

namespace ActorTrace.Traces.Tests.Formats;

public class ConsolePrinterTests
{
    private static readonly GuestId One = new(0);
    private static readonly GuestId Two = new(1);

    [Theory]
    [InlineData("plain\nlines\n", "plain\nlines\n")]
    [InlineData("tab\there", "tab\there\n")]
    [InlineData("a\r\nb\r\n", "a\nb\n")]
    [InlineData("a\n\rb", "a\nb\n")]
    [InlineData("a\rb", "a\\x0db\n")]
    [InlineData("a\r", "a\\x0d\n")]
    [InlineData("a\r\r\nb", "a\nb\n")]
    [InlineData("\u001b[2Jgone\u0007", "\\x1b[2Jgone\\x07\n")]
    [InlineData("count 2\b1\0", "count 2\\x081\\x00\n")]
    [InlineData("caf\u00e9 \u6f22 \U0001F600", "caf\u00e9 \u6f22 \U0001F600\n")]
    [InlineData("\u009b31m\u202eabc\u2028", "\\x9b31m\\u202eabc\\u2028\n")]
    [InlineData("", "")]
    public void A_terminal_is_given_nothing_to_obey(string text, string expected)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Assert.Equal(expected, Print(printer => printer.Write(One, bytes)));
        Assert.Equal(expected, Print(printer =>
        {
            foreach (byte piece in bytes)
            {
                printer.Write(One, [piece]);
            }
        }));
    }

    [Fact]
    public void Bytes_that_are_no_utf_8_are_shown_as_replaced() =>
        Assert.Equal("a\ufffdb\ufffd\ufffdc\n", Print(printer => printer.Write(One, [(byte)'a', 0xFF, (byte)'b', 0xED, 0xA0, (byte)'c'])));

    [Fact]
    public void Any_bytes_of_any_guests_end_in_whole_lines_of_printable_text()
    {
        var random = new Random(17);
        string text = Print(printer =>
        {
            for (int round = 0; round < 5000; round++)
            {
                byte[] bytes = new byte[random.Next(1, 9)];
                random.NextBytes(bytes);
                printer.Write(random.Next(2) == 0 ? One : Two, bytes, "> ");
            }
        });
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain(text, c => char.IsControl(c) && c is not ('\n' or '\t'));
        Assert.All(text.Split('\n').SkipLast(1), line => Assert.StartsWith("> ", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Guests_do_not_write_into_each_others_lines() =>
        Assert.Equal("one: a\ntwo: b\none: c\none: d\n", Print(printer =>
        {
            printer.Write(One, "a"u8, "one: ");
            printer.Write(Two, "b"u8, "two: ");
            printer.Write(One, "c\nd"u8, "one: ");
        }));

    private static string Print(Action<ConsolePrinter> write)
    {
        using var output = new StringWriter();
        var printer = new ConsolePrinter(output);
        write(printer);
        printer.EndLine();
        return output.ToString();
    }
}
