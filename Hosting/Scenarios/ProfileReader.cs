using ActorTrace.Hosting.Yaml;
using ActorTrace.Machine.Images;
using ActorTrace.Machine.Profiles;

namespace ActorTrace.Hosting.Scenarios;

/// <summary>Reads a kernel profile (scenarios/profiles) and binds it to a guest's image.</summary>
internal static class ProfileReader
{
    private const uint MaxBytes = 1 << 20;

    /// <summary>Reads and binds; an error in an expression is one at its place in the profile.</summary>
    public static CompiledProfile Read(string path, string text, MapReader guest, ElfImage image)
    {
        IReadOnlyList<YamlNode> documents = YamlText.Parse(path, text);
        if (documents.Count != 1)
        {
            throw new InputException(path, $"there are {documents.Count} documents", "a profile is one document");
        }

        var root = new MapReader(documents[0], "", new Dictionary<string, YamlPlace>(StringComparer.Ordinal));
        KernelProfile profile = Read(root);
        try
        {
            return CompiledProfile.Bind(profile, image);
        }
        catch (ProfileException e)
        {
            throw new InputException(
                root.PlaceOf(e.Field ?? "").ToString(), e.Problem, $"the profile must fit the kernel in '{image.Name}', named at {guest.Place}");
        }
        catch (ImageFormatException e)
        {
            throw guest.Error("elf", e.Message, e.Message.EndsWith(')') ? "" : "build it with -g");
        }
    }

    private static KernelProfile Read(MapReader root)
    {
        var profile = new KernelProfile
        {
            Name = root.RequiredText("name", "e.g. 'name: ucos2'"),
            Description = root.Text("description") ?? "",
            TaskType = root.RequiredText("taskType", "e.g. 'taskType: struct os_tcb'"),
            Current = root.RequiredText("current", "e.g. 'current: OSTCBCur'"),
            Next = root.Text("next"),
            Running = root.Text("running"),
            Task = ReadTask(root.Map("task") ?? throw root.Missing("task", "a mapping with id, name, priority, state, idle")),
            LinuxPriority = root.Text("linuxPriority") ?? "priority",
            ReadySet = root.Map("readySet") is { } ready ? ReadReadySet(ready) : null,
            ProbeSets = ReadProbeSets(root.Map("probeSets") ?? throw root.Missing("probeSets", "e.g. 'probeSets: {switch: [...]}'")),
            DefaultProbeSet = root.Text("defaultProbeSet") ?? "switch",
            Structs = root.Map("structs") is { } structs ? [.. Children(structs).Select(s => ReadStruct(s.Name, s.Map))] : [],
            Variables = root.Map("variables") is { } variables ? ReadVariables(variables) : [],
        };
        root.Done();
        return profile;
    }

    private static TaskFields ReadTask(MapReader task)
    {
        var fields = new TaskFields
        {
            Id = task.RequiredText("id", "e.g. 'id: task->OSTCBPrio'"),
            Name = task.RequiredText("name", "e.g. 'name: task->OSTCBTaskName'"),
            Priority = task.RequiredText("priority", "e.g. 'priority: task->OSTCBPrio'"),
            State = task.RequiredText("state", "e.g. 'state: task->OSTCBStat ? 1 : 0'"),
            StackPointer = task.Text("stackPointer"),
            Idle = task.RequiredText("idle", "e.g. 'idle: task->OSTCBPrio == 63'"),
        };
        task.Done();
        return fields;
    }

    private static ReadySetLayout ReadReadySet(MapReader ready)
    {
        var layout = new ReadySetLayout
        {
            Table = ready.RequiredText("table", "e.g. 'table: OSRdyTbl'"),
            Entries = (int)(ready.Integer("entries", 1, 32) ?? throw ready.Missing("entries", "e.g. 'entries: 8'")),
            BitsPerEntry = ready.Choice("bitsPerEntry", "8", "16", "32") switch
            {
                "8" => 8,
                "16" => 16,
                "32" => 32,
                _ => throw ready.Missing("bitsPerEntry", "e.g. 'bitsPerEntry: 8'"),
            },
            MostSignificantFirst = ready.Flag("mostSignificantFirst") ?? false,
            TaskOf = ready.RequiredText("taskOf", "e.g. 'taskOf: OSTCBPrioTbl[priority]'"),
        };
        ready.Done();
        return layout.Entries * layout.BitsPerEntry <= 256
            ? layout
            : throw ready.Error("entries", $"{layout.Entries} entries of {layout.BitsPerEntry} bits are too many", "at most 256 bits together");
    }

    private static List<ProbeSet> ReadProbeSets(MapReader sets)
    {
        var result = new List<ProbeSet>();
        foreach (YamlScalar key in sets.Keys)
        {
            result.Add(new ProbeSet(key.Text, [.. sets.Maps(key.Text).Select(ReadPoint)]));
        }

        return result;
    }

    private static ProbePoint ReadPoint(MapReader point)
    {
        string name = point.RequiredText("name", "e.g. 'name: OSCtxSw'");
        ProbePointKind kind = point.Choice("kind", "switch", "readySet", "function") switch
        {
            "switch" => ProbePointKind.Switch,
            "readySet" => ProbePointKind.ReadySet,
            "function" => ProbePointKind.Function,
            _ => throw point.Missing("kind", "'kind: switch', 'readySet' or 'function'"),
        };
        var read = new ProbePoint(name, point.Text("at") ?? name, kind);
        point.Done();
        return read;
    }

    private static StructLayout ReadStruct(string tag, MapReader layout)
    {
        uint size = (uint)(layout.Integer("size", 0, MaxBytes) ?? 0);
        MapReader members = layout.Map("members") ?? throw layout.Missing("members", "a mapping from name to {offset, type}");
        StructMember[] read = [.. Children(members).Select(m => ReadMember(m.Name, m.Map))];
        layout.Done();
        return new StructLayout(tag, size, read);
    }

    private static StructMember ReadMember(string name, MapReader member)
    {
        ulong offset = member.Integer("offset", 0, MaxBytes) ?? throw member.Missing("offset", "e.g. 'offset: 0'");
        string type = member.RequiredText("type", "e.g. 'type: u8'");
        member.Done();
        return new StructMember(name, (uint)offset, type);
    }

    private static List<VariableDeclaration> ReadVariables(MapReader variables) =>
        [.. variables.Keys.Select(k => new VariableDeclaration(k.Text, variables.RequiredText(k.Text, "its C type")))];

    private static IEnumerable<(string Name, MapReader Map)> Children(MapReader map) => map.Keys.Select(k => (k.Text, map.Map(k.Text)!));
}
