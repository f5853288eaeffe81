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
        (KernelProfile profile, MapReader root) = Read(path, text);
        try
        {
            return CompiledProfile.Bind(profile, image);
        }
        catch (ProfileException e)
        {
            throw new InputException(
                root.PlaceOf(e.Field ?? "").ToString(), e.Problem,
                Meant(e) ?? $"the profile must fit the kernel in '{image.Name}', named at {guest.Place}");
        }
        catch (ImageFormatException e)
        {
            throw guest.Error("elf", e.Message, e.Message.EndsWith(')') ? "" : "build it with -g");
        }
    }

    /// <summary>Reads a profile; the reader of its document knows the places of its keys.</summary>
    /// <exception cref="InputException">It is no profile.</exception>
    public static (KernelProfile Profile, MapReader Root) Read(string path, string text)
    {
        IReadOnlyList<YamlNode> documents = YamlText.Parse(path, text);
        if (documents.Count != 1)
        {
            throw new InputException(path, $"there are {documents.Count} documents", "a profile is one document");
        }

        var root = new MapReader(documents[0], "", new Dictionary<string, YamlPlace>(StringComparer.Ordinal));
        return (Read(root), root);
    }

    /// <summary>What the user probably meant by a name that the image does not have; null where nothing is near.</summary>
    public static string? Meant(ProfileException mistake) =>
        mistake.MissingName is { } name && Suggestion.Nearest(name, mistake.Candidates) is { } near ? $"did you mean '{near}'?" : null;

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
            Task = ReadTask(root.Map("task") ?? throw root.Missing("task", "a mapping with name, priority, state, idle")),
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
            Name = task.RequiredText("name", "e.g. 'name: task->OSTCBTaskName'"),
            Priority = task.RequiredText("priority", "e.g. 'priority: task->OSTCBPrio'"),
            State = task.RequiredText("state", "e.g. 'state: task->OSTCBStat ? 1 : 0'"),
            StackPointer = task.Text("stackPointer"),
            Idle = task.RequiredText("idle", "e.g. 'idle: task->OSTCBPrio == 63'"),
        };
        fields = task.Text("id") is { } id ? fields with { Id = id } : fields;
        task.Done();
        return fields;
    }

    private static ReadySetLayout ReadReadySet(MapReader ready)
    {
        ReadySetLayout layout = ready.Node("lists") is null ? ReadBitmap(ready) : ReadLists(ready);
        ready.Done();
        return layout;
    }

    private static ReadyBitmap ReadBitmap(MapReader ready)
    {
        var bitmap = new ReadyBitmap
        {
            Table = ready.RequiredText("table", "e.g. 'table: OSRdyTbl', or 'lists: ...'"),
            Entries = (int?)ready.Integer("entries", 1, 32),
            BitsPerEntry = ready.Choice("bitsPerEntry", "8", "16", "32") switch
            {
                "8" => 8,
                "16" => 16,
                "32" => 32,
                _ => null,
            },
            MostSignificantFirst = ready.Flag("mostSignificantFirst") ?? false,
            TaskOf = ready.RequiredText("taskOf", "e.g. 'taskOf: OSTCBPrioTbl[priority]'"),
        };
        return (bitmap.Entries ?? 0) * (bitmap.BitsPerEntry ?? 0) <= ReadySet.Capacity
            ? bitmap
            : throw ready.Error(
                "entries", $"{bitmap.Entries} entries of {bitmap.BitsPerEntry} bits are too many", $"at most {ReadySet.Capacity} bits together");
    }

    private static ReadyLists ReadLists(MapReader ready)
    {
        var lists = new ReadyLists
        {
            Lists = ready.RequiredText("lists", "e.g. 'lists: pxReadyTasksLists'"),
            First = ready.RequiredText("first", "e.g. 'first: list->head'"),
            End = ready.Text("end"),
            Next = ready.RequiredText("next", "e.g. 'next: item->next'"),
        };
        return ready.Text("task") is { } task ? lists with { Task = task } : lists;
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
        ProbeMoment moment = point.Choice("on", "entry", "return") is "return" ? ProbeMoment.Return : ProbeMoment.Entry;
        var read = new ProbePoint(name, point.Text("at") ?? name, kind, moment);
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
