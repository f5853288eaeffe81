using System.Buffers.Binary;
using System.Text;

namespace ActorTrace.Traces.Binary;

/// <summary>Makes one string of equal task names: a trace names few tasks millions of times.</summary>
internal sealed class NameCache
{
    // Names come out of untrusted files: beyond this many the strings are made anew instead of kept.
    private const int MostNames = 4096;

    private readonly Dictionary<(ulong, ulong), string> _names = [];
    private (ulong, ulong) _lastKey;
    private string _last = string.Empty;

    /// <summary>The name in a NUL-padded field of 16 bytes; null where the field is not ASCII, NUL-terminated and NUL-padded.</summary>
    public string? Find(ReadOnlySpan<byte> field)
    {
        var key = (BinaryPrimitives.ReadUInt64LittleEndian(field), BinaryPrimitives.ReadUInt64LittleEndian(field[sizeof(ulong)..]));
        if (key == _lastKey)
        {
            return _last;
        }

        if (!_names.TryGetValue(key, out string? name))
        {
            int length = field.IndexOf((byte)0);
            if (length < 0 || field[length..].ContainsAnyExcept((byte)0) || !Ascii.IsValid(field[..length]))
            {
                return null;
            }

            name = Encoding.ASCII.GetString(field[..length]);
            if (_names.Count < MostNames)
            {
                _names.Add(key, name);
            }
        }

        _lastKey = key;
        _last = name;
        return name;
    }
}
