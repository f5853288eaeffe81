namespace ActorTrace.Traces.Formats;

/// <summary>Fields as the rows of the catalogue name them.</summary>
internal static class EventFields
{
    private const int CommBytes = 16;

    /// <summary>An unsigned number of 4 or 8 bytes.</summary>
    public static EventField Number(string type, string name, int size) => new(type, name, FieldKind.Number, size, Signed: false);

    /// <summary>A signed number of 4 or 8 bytes.</summary>
    public static EventField Signed(string type, string name, int size) => new(type, name, FieldKind.Number, size, Signed: true);

    /// <summary>A task's name.</summary>
    public static EventField Comm(string name) => new("char", name, FieldKind.Comm, CommBytes, Signed: false);

    /// <summary>A text that is stored in the event.</summary>
    public static EventField DynamicText(string name) => new("__data_loc char[]", name, FieldKind.DynamicText, sizeof(uint), Signed: false);

    /// <summary>A text of the trace's table of texts.</summary>
    public static EventField StaticText(string name) => new("const char *", name, FieldKind.StaticText, sizeof(ulong), Signed: false);
}
