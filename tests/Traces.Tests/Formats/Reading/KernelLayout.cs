using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace ActorTrace.Traces.Tests.Formats.Reading;

/// <summary>Writes recordings as kernels of other kinds do: either byte order, 32 or 64 bits, larger pages. Has nothing in common with the writers of the project.</summary>
/// <param name="BigEndian">Whether integers begin with their highest byte.</param>
/// <param name="LongBytes">Bytes of a long.</param>
/// <param name="PageBytes">Bytes of a page.</param>
internal sealed record KernelLayout(bool BigEndian, int LongBytes, int PageBytes)
{
    public static readonly KernelLayout[] All =
    [
        new(false, 4, 4096), new(false, 8, 4096), new(true, 4, 4096), new(true, 8, 4096), new(false, 8, 65536), new(true, 4, 8192),
    ];

    /// <summary>The options: number and data. By default OFFSET, a millisecond.</summary>
    public IReadOnlyList<(ushort Id, byte[] Data)> Options { get; init; } = [(7, [.. "1000000\0"u8])];

    // Types of the fields in order: t text of 16, d and r text behind the record (r: its place counts from its field), z text at the end, l long, else the bytes of an integer.
    private static (ushort Id, string System, string Name, (string Declaration, string Kind, bool Signed)[] Fields)[] Types =>
    [
        (5, "ftrace", "print", [("unsigned long ip", "l", false), ("char buf[]", "z", false)]),
        (50, "sched", "sched_switch",
        [
            ("char prev_comm[16]", "t", false), ("pid_t prev_pid", "4", true), ("int prev_prio", "4", true), ("long prev_state", "l", true),
            ("char next_comm[16]", "t", false), ("pid_t next_pid", "4", true), ("int next_prio", "4", true),
        ]),
        (51, "sched", "sched_wakeup",
            [("char comm[16]", "t", false), ("pid_t pid", "4", true), ("int prio", "4", true), ("int success", "4", true), ("int target_cpu", "4", true)]),
        (52, "irq", "irq_handler_entry", [("int irq", "4", true), ("__data_loc char[] name", "d", true)]),
        (60, "test", "numbers",
        [
            ("u8 a", "1", false), ("s8 b", "1", true), ("u16 c", "2", false), ("s16 d", "2", true), ("u32 e", "4", false), ("s32 f", "4", true),
            ("u64 g", "8", false), ("s64 h", "8", true), ("__data_loc char[] i", "d", false),
            ("__rel_loc char[] j", "r", false),
        ]),
    ];

    /// <summary>The file.</summary>
    public byte[] Write(KernelTrace trace)
    {
        var file = new List<byte>();
        file.AddRange([0x17, 0x08, 0x44, .. "tracing6\0"u8, (byte)(BigEndian ? 1 : 0), (byte)LongBytes]);
        U(file, 4, (ulong)PageBytes);
        int data = 8 + LongBytes;
        file.AddRange("header_page\0"u8);
        Text(file, 8, string.Create(CultureInfo.InvariantCulture, $"\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n\tfield: local_t commit;\toffset:8;\tsize:{LongBytes};\tsigned:1;\n\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n\tfield: char data;\toffset:{data};\tsize:{PageBytes - data};\tsigned:1;\n"));
        file.AddRange("header_event\0"u8);
        Text(file, 8, "# compressed entry header\n\ttype_len    :    5 bits\n\ttime_delta  :   27 bits\n\tarray       :   32 bits\n\n\tpadding     : type == 29\n\ttime_extend : type == 30\n\ttime_stamp : type == 31\n\tdata max type_len  == 28\n");
        Formats(file);
        Text(file, 4, "00001234 T tracing_mark_write\n00005678 T other\n");
        Text(file, 4, string.Empty);
        Text(file, 8, "7 seven\n101 first\n102 second\n");
        U(file, 4, (ulong)trace.Cpus.Count);
        file.AddRange("options  \0"u8);
        foreach ((ushort option, byte[] content) in Options)
        {
            U(file, 2, option);
            U(file, 4, (ulong)content.Length);
            file.AddRange(content);
        }

        U(file, 2, 0);
        file.AddRange("flyrecord\0"u8);
        int at = Align(file.Count + (16 * trace.Cpus.Count));
        foreach (IReadOnlyList<KernelPage> pages in trace.Cpus)
        {
            U(file, 8, (ulong)at);
            U(file, 8, (ulong)(pages.Count * PageBytes));
            at += pages.Count * PageBytes;
        }

        foreach (KernelPage page in trace.Cpus.SelectMany(pages => pages))
        {
            file.AddRange(new byte[Align(file.Count) - file.Count]);
            file.AddRange(Page(page));
        }

        return [.. file];
    }

    private int Align(int offset) => (offset + PageBytes - 1) / PageBytes * PageBytes;

    private void Formats(List<byte> file)
    {
        foreach (IGrouping<string, (ushort Id, string System, string Name, (string Declaration, string Kind, bool Signed)[] Fields)> system in
            Types.GroupBy(type => type.System, StringComparer.Ordinal))
        {
            if (system.Key is "ftrace")
            {
                U(file, 4, 1);
                Text(file, 8, Format(5));
                U(file, 4, (ulong)Types.Select(type => type.System).Distinct(StringComparer.Ordinal).Count() - 1);
                continue;
            }

            file.AddRange(Encoding.ASCII.GetBytes(system.Key + "\0"));
            U(file, 4, (ulong)system.Count());
            foreach ((ushort id, _, _, _) in system)
            {
                Text(file, 8, Format(id));
            }
        }
    }

    private string Format(ushort id)
    {
        (_, _, string name, (string Declaration, string Kind, bool Signed)[] fields) = Types.Single(type => type.Id == id);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"name: {name}\nID: {id}\nformat:\n");
        text.Append("\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n");
        text.Append("\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n");
        int offset = 8;
        foreach ((string declaration, string kind, bool signed) in fields)
        {
            int size = Size(kind);
            offset = Place(offset, kind);
            text.Append(CultureInfo.InvariantCulture, $"\tfield:{declaration};\toffset:{offset};\tsize:{size};\tsigned:{(signed ? 1 : 0)};\n");
            offset += size;
        }

        return text.Append("\nprint fmt: \"x\"\n").ToString();
    }

    private int Size(string kind) => kind switch { "t" => 16, "d" or "r" => 4, "z" => 0, "l" => LongBytes, _ => kind[0] - '0' };

    private int Place(int offset, string kind)
    {
        int alignment = kind is "t" or "z" ? 1 : Size(kind);
        return (offset + alignment - 1) / alignment * alignment;
    }

    private byte[] Page(KernelPage page)
    {
        var data = new List<byte>();
        foreach (Entry entry in page.Entries)
        {
            Add(data, entry);
        }

        ulong commit = (uint)data.Count | (page.Lost is null ? 0UL : 1UL << 31) | (page.Lost > 0 ? 1UL << 30 : 0UL);
        var bytes = new List<byte>();
        U(bytes, 8, page.Time);
        U(bytes, LongBytes, commit);
        bytes.AddRange(data);
        if (page.Lost > 0)
        {
            U(bytes, LongBytes, page.Lost.Value);
        }

        bytes.AddRange(new byte[PageBytes - bytes.Count]);
        return [.. bytes];
    }

    private void Add(List<byte> data, Entry entry)
    {
        const ulong low = (1 << 27) - 1;
        switch (entry.Kind)
        {
            case EntryKind.End:
                Head(data, 29, 0);
                break;
            case EntryKind.Extend or EntryKind.Stamp:
                Head(data, entry.Kind == EntryKind.Extend ? 30u : 31u, entry.Time & low);
                U(data, 4, entry.Time >> 27);
                break;
            default:
                byte[] payload = Payload(entry.Record!);
                if (entry.Kind == EntryKind.Discarded)
                {
                    Head(data, 29, entry.Time);
                    U(data, 4, (ulong)payload.Length + 4);
                }
                else if (payload.Length > 112)
                {
                    Head(data, 0, entry.Time);
                    U(data, 4, (ulong)payload.Length + 4);
                }
                else
                {
                    Head(data, (uint)payload.Length / 4, entry.Time);
                }

                data.AddRange(payload);
                break;
        }
    }

    private void Head(List<byte> data, uint type, ulong delta) => U(data, 4, BigEndian ? (type << 27) | delta : type | (delta << 5));

    private byte[] Payload(Record record)
    {
        (string Declaration, string Kind, bool Signed)[] fields = Types.Single(type => type.Id == record.Id).Fields;
        var bytes = new List<byte>();
        U(bytes, 2, record.Id);
        bytes.AddRange([0, 0]);
        U(bytes, 4, (ulong)record.Pid);
        var behind = new List<byte>();
        int fixedBytes = fields.Aggregate(8, (offset, field) => Place(offset, field.Kind) + Size(field.Kind));
        for (int i = 0; i < fields.Length; i++)
        {
            bytes.AddRange(new byte[Place(bytes.Count, fields[i].Kind) - bytes.Count]);
            object value = record.Values[i];
            byte[] text = value is string told ? Encoding.ASCII.GetBytes(told + "\0") : [];
            switch (fields[i].Kind)
            {
                case "t": bytes.AddRange([.. text, .. new byte[16 - text.Length]]); break;
                case "z": behind.AddRange(text); break;
                case "d":
                    U(bytes, 4, (ulong)(text.Length << 16 | (fixedBytes + behind.Count)));
                    behind.AddRange(text);
                    break;
                case "r":
                    U(bytes, 4, (ulong)(text.Length << 16 | (fixedBytes + behind.Count - bytes.Count - 4)));
                    behind.AddRange(text);
                    break;
                default: U(bytes, Size(fields[i].Kind), value is ulong large ? large : unchecked((ulong)Convert.ToInt64(value, CultureInfo.InvariantCulture))); break;
            }
        }

        bytes.AddRange(behind);
        bytes.AddRange(new byte[(4 - (bytes.Count % 4)) % 4]);
        return [.. bytes];
    }

    private void Text(List<byte> file, int lengthBytes, string text)
    {
        U(file, lengthBytes, (ulong)text.Length);
        file.AddRange(Encoding.ASCII.GetBytes(text));
    }

    private void U(List<byte> bytes, int size, ulong value)
    {
        Span<byte> all = stackalloc byte[sizeof(ulong)];
        if (BigEndian)
        {
            BinaryPrimitives.WriteUInt64BigEndian(all, value);
            bytes.AddRange(all[(sizeof(ulong) - size)..]);
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(all, value);
            bytes.AddRange(all[..size]);
        }
    }
}
