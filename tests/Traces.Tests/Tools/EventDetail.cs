using System.Globalization;
using System.Text.RegularExpressions;

namespace ActorTrace.Traces.Tests.Tools;

/// <summary>The arguments of events in one form, whatever form a tool gives them.</summary>
internal static partial class EventDetail
{
    /// <summary>From the kernel's text.</summary>
    public static string OfText(string name, string arguments) => name switch
    {
        "irq_handler_exit" => arguments.Replace("ret=", string.Empty, StringComparison.Ordinal),
        "softirq_raise" or "softirq_entry" or "softirq_exit" => arguments.Split(' ')[0],
        "ipi_entry" or "ipi_exit" => $"reason={arguments.Trim('(', ')')}",
        "ipi_raise" => Raise(KernelText.Matched(RaiseText(), arguments)),
        _ when HasNoDetail(name) => string.Empty,
        _ when HitText().Match(arguments) is { Success: true } hit => hit.Value.Replace("0x", string.Empty, StringComparison.Ordinal),
        _ => arguments,
    };

    /// <summary>From fields by their names.</summary>
    /// <param name="name">The event.</param>
    /// <param name="field">The value of a field, numbers in decimal or with 0x; null where there is no such field.</param>
    public static string OfFields(string name, Func<string, string?> field) => name switch
    {
        "irq_handler_entry" => $"irq={field("irq")} name={field("name")}",
        "irq_handler_exit" => $"irq={field("irq")} {(field("ret") is "0" ? "unhandled" : "handled")}",
        "softirq_raise" or "softirq_entry" or "softirq_exit" => $"vec={field("vec")}",
        "ipi_entry" or "ipi_exit" => $"reason={field("reason")}",
        "ipi_raise" => $"targets={Hexadecimal(field("target_cpus")!)} reason={field("reason")}",
        "cpu_idle" => $"state={field("state")} cpu_id={field("cpu_id")}",
        _ when HasNoDetail(name) => string.Empty,
        _ when field("caller") is { } caller => $"pc={Hexadecimal(field("pc")!)} caller={Hexadecimal(caller)} sp={Hexadecimal(field("sp")!)}",
        _ => field("fields") ?? string.Empty,
    };

    /// <summary>Markers are told apart by other tests: tools put different things in front of them.</summary>
    private static bool HasNoDetail(string name) => name is "print" || name.EndsWith("_return", StringComparison.Ordinal);

    private static string Raise(Match match) =>
        $"targets={KernelText.Text(match, "mask").Replace(",", string.Empty, StringComparison.Ordinal).TrimStart('0')} reason={KernelText.Text(match, "reason")}";

    private static string Hexadecimal(string number) =>
        (number.StartsWith("0x", StringComparison.Ordinal) ? ulong.Parse(number[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture) : ulong.Parse(number, CultureInfo.InvariantCulture))
        .ToString("x", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^target_mask=(?<mask>[0-9a-f,]+) \((?<reason>.*)\)$", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex RaiseText();

    [GeneratedRegex(@"^pc=0x[0-9a-f]+ caller=0x[0-9a-f]+ sp=0x[0-9a-f]+(?= stack=)", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex HitText();
}
