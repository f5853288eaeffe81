using ActorTrace.Machine.Profiles;
using ActorTrace.Machine.Tests.Guests;
using YamlDotNet.RepresentationModel;

namespace ActorTrace.Machine.Tests.Profiles;

/// <summary>Reads the profiles that are shipped, key by key; a key that it does not use is an error.</summary>
internal static class ProfileFile
{
    internal static KernelProfile Read(string name)
    {
        string root = Path.GetFullPath(Path.Combine(QemuGuest.Image("x"), "..", "..", "..", ".."));
        using var text = new StreamReader(Path.Combine(root, "scenarios", "profiles", name + ".yaml"));
        var yaml = new YamlStream();
        yaml.Load(text);
        var keys = new Keys((YamlMappingNode)yaml.Documents[0].RootNode);
        var task = keys.Mapping("task") ?? throw new InvalidDataException("task");
        var profile = new KernelProfile
        {
            Name = keys.Text("name"),
            Description = keys.Text("description"),
            TaskType = keys.Text("taskType"),
            Current = keys.Text("current"),
            Next = keys.Optional("next"),
            Running = keys.Optional("running"),
            LinuxPriority = keys.Optional("linuxPriority") ?? "priority",
            DefaultProbeSet = keys.Text("defaultProbeSet"),
            ReadySet = ReadySet(keys.Mapping("readySet")),
            ProbeSets = [.. keys.Lists("probeSets").Select(set => new ProbeSet(set.Name, [.. set.Items.Select(Point)]))],
            Task = new TaskFields
            {
                Id = task.Optional("id") ?? "(u32)task",
                Name = task.Text("name"),
                Priority = task.Text("priority"),
                State = task.Text("state"),
                StackPointer = task.Optional("stackPointer"),
                Idle = task.Text("idle"),
            },
        };
        task.RequireAllUsed();
        keys.RequireAllUsed();
        return profile;
    }

    private static ReadySetLayout? ReadySet(Keys? keys)
    {
        if (keys is null)
        {
            return null;
        }

        ReadySetLayout layout = keys.Optional("lists") is { } lists
            ? new ReadyLists
            {
                Lists = lists,
                First = keys.Text("first"),
                End = keys.Optional("end"),
                Next = keys.Text("next"),
                Task = keys.Optional("task") ?? "item",
            }
            : new ReadyBitmap { Table = keys.Text("table"), TaskOf = keys.Text("taskOf") };
        keys.RequireAllUsed();
        return layout;
    }

    private static ProbePoint Point(Keys keys)
    {
        string name = keys.Text("name");
        var point = new ProbePoint(
            name,
            keys.Optional("at") ?? name,
            Enum.Parse<ProbePointKind>(keys.Text("kind"), ignoreCase: true),
            Enum.Parse<ProbeMoment>(keys.Optional("on") ?? "entry", ignoreCase: true));
        keys.RequireAllUsed();
        return point;
    }

    private sealed class Keys(YamlMappingNode node)
    {
        private readonly HashSet<string> _used = new(StringComparer.Ordinal);

        internal string Text(string key) => Optional(key) ?? throw new InvalidDataException(key);

        internal string? Optional(string key) => ((YamlScalarNode?)Find(key))?.Value;

        internal Keys? Mapping(string key) => Find(key) is YamlMappingNode mapping ? new Keys(mapping) : null;

        internal IEnumerable<(string Name, IEnumerable<Keys> Items)> Lists(string key) =>
            ((YamlMappingNode?)Find(key) ?? throw new InvalidDataException(key)).Children.Select(child => (
                child.Key.ToString(),
                ((YamlSequenceNode)child.Value).Select(item => new Keys((YamlMappingNode)item))));

        internal void RequireAllUsed()
        {
            foreach (var key in node.Children.Keys.Where(key => !_used.Contains(key.ToString())))
            {
                throw new InvalidDataException($"unknown key {key}");
            }
        }

        private YamlNode? Find(string key)
        {
            _used.Add(key);
            return node.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;
        }
    }
}
