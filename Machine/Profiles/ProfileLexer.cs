using System.Globalization;

namespace ActorTrace.Machine.Profiles;

/// <summary>Kind of a token.</summary>
internal enum ProfileTokenKind : byte
{
    End,
    Name,
    Number,
    Punctuator,

    /// <summary>"text" in quotation marks.</summary>
    Text,
}

/// <summary>A token.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Text">Its characters.</param>
/// <param name="Column">Where it begins, from 1.</param>
/// <param name="Number">The value of a number.</param>
/// <param name="Unsigned">True for a number with suffix u.</param>
/// <param name="Wide">True for a number with suffix ll.</param>
internal readonly record struct ProfileToken(
    ProfileTokenKind Kind, string Text, int Column, ulong Number = 0, bool Unsigned = false, bool Wide = false)
{
    internal bool Is(string punctuator) =>
        Kind == ProfileTokenKind.Punctuator && string.Equals(Text, punctuator, StringComparison.Ordinal);
}

/// <summary>Cuts an expression into C's tokens.</summary>
internal static class ProfileLexer
{
    /// <summary>The longest expression in characters; it bounds depth and work of everything that follows.</summary>
    internal const int MaxLength = 1024;

    // Longer ones first: the first that fits is taken.
    private static readonly string[] Punctuators =
    [
        "->", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "??",
        "(", ")", "[", "]", ".", "*", "&", "+", "-", "/", "%", "~", "!", "<", ">", "^", "|", "?", ":",
    ];

    internal static List<ProfileToken> Cut(string text)
    {
        if (text.Length > MaxLength)
        {
            throw new ProfileException($"an expression has at most {MaxLength} characters", MaxLength + 1);
        }

        var tokens = new List<ProfileToken>();
        int at = 0;
        while (true)
        {
            while (at < text.Length && char.IsWhiteSpace(text[at]))
            {
                at++;
            }

            if (at == text.Length)
            {
                tokens.Add(new ProfileToken(ProfileTokenKind.End, "the end", at + 1));
                return tokens;
            }

            var token = Next(text, at);
            tokens.Add(token);
            at += token.Text.Length;
        }
    }

    private static ProfileToken Next(string text, int at)
    {
        int end = at;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '_' or '$'))
        {
            end++;
        }

        if (end > at)
        {
            return char.IsAsciiDigit(text[at])
                ? Number(text[at..end], at + 1)
                : new ProfileToken(ProfileTokenKind.Name, text[at..end], at + 1);
        }

        if (text[at] == '"')
        {
            int close = text.IndexOf('"', at + 1);
            return close >= 0
                ? new ProfileToken(ProfileTokenKind.Text, text[at..(close + 1)], at + 1)
                : throw new ProfileException("a text has no closing '\"'", at + 1);
        }

        foreach (string punctuator in Punctuators)
        {
            if (text.AsSpan(at).StartsWith(punctuator, StringComparison.Ordinal))
            {
                return new ProfileToken(ProfileTokenKind.Punctuator, punctuator, at + 1);
            }
        }

        throw new ProfileException($"unexpected character '{text[at]}'", at + 1);
    }

    private static ProfileToken Number(string text, int column)
    {
        var digits = text.AsSpan().TrimEnd("uUlL");
        var suffix = text.AsSpan(digits.Length);
        bool unsigned = suffix.ContainsAny('u', 'U');
        bool wide = suffix.Contains("ll", StringComparison.OrdinalIgnoreCase);
        bool valid;
        ulong value;
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            valid = ulong.TryParse(
                digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
        }
        else
        {
            // 017 is 15 in C and 17 to most readers: refused.
            valid = ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value)
                && (digits.Length == 1 || digits[0] != '0');
        }

        return valid
            ? new ProfileToken(ProfileTokenKind.Number, text, column, value, unsigned, wide)
            : throw new ProfileException($"'{text}' is no number: write 123 or 0x7b", column);
    }
}
