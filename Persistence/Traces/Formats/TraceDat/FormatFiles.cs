using System.Globalization;
using System.Text;

namespace ActorTrace.Traces.Formats.TraceDat;

/// <summary>The texts by which binary formats describe themselves, as tracefs shows them.</summary>
internal static class FormatFiles
{
    /// <summary>events/header_page: the layout of a page.</summary>
    public const string HeaderPage =
        "\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
        + "\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n"
        + "\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n"
        + "\tfield: char data;\toffset:16;\tsize:4080;\tsigned:1;\n";

    /// <summary>events/header_event: the layout of an event's header.</summary>
    public const string HeaderEvent =
        "# compressed entry header\n"
        + "\ttype_len    :    5 bits\n"
        + "\ttime_delta  :   27 bits\n"
        + "\tarray       :   32 bits\n"
        + "\n"
        + "\tpadding     : type == 29\n"
        + "\ttime_extend : type == 30\n"
        + "\ttime_stamp : type == 31\n"
        + "\tdata max type_len  == 28\n";

    /// <summary>events/ftrace/bprint/format: readers expect it beside print though no event of it is written.</summary>
    public const string BinaryPrint =
        "name: bprint\nID: 6\nformat:\n" + Common
        + "\tfield:unsigned long ip;\toffset:8;\tsize:8;\tsigned:0;\n"
        + "\tfield:const char * fmt;\toffset:16;\tsize:8;\tsigned:0;\n"
        + "\tfield:u32 buf[];\toffset:24;\tsize:0;\tsigned:0;\n"
        + "\nprint fmt: \"%ps: %s\", (void *)REC->ip, REC->fmt\n";

    private const string Common =
        "\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
        + "\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"
        + "\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n"
        + "\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n";

    /// <summary>events/SYSTEM/NAME/format of a type.</summary>
    public static string Of(EventType type)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"name: {type.Name}\nID: {type.Id}\nformat:\n").Append(Common);
        foreach (EventField field in type.Fields)
        {
            string bounds = field.Kind switch
            {
                FieldKind.Comm => "[16]",
                FieldKind.TailText => "[]",
                _ => string.Empty,
            };
            text.Append(
                CultureInfo.InvariantCulture,
                $"\tfield:{field.CType} {field.Name}{bounds};\toffset:{field.Offset};\tsize:{field.Size};\tsigned:{(field.Signed ? 1 : 0)};\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"\nprint fmt: {type.PrintFormat}\n").ToString();
    }
}
