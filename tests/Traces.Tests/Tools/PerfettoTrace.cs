using Assert = Xunit.Assert;

namespace ActorTrace.Traces.Tests.Tools;

/// <summary>What protoc decodes of a Perfetto trace.</summary>
internal static class PerfettoTrace
{
    public static SeenTrace Read(string path)
    {
        Dictionary<int, int> groups = [];
        List<SeenEvent> events = [];
        Dictionary<int, ulong> last = [];
        foreach (ProtoText packet in ProtoText.Trace(path).All("packet"))
        {
            Assert.Equal(1, packet.Int("trusted_packet_sequence_id"));
            foreach (ProtoText thread in packet.All("process_tree").SelectMany(tree => tree.All("threads")))
            {
                groups.Add(thread.Int("tid"), thread.Int("tgid"));
            }

            foreach (ProtoText bundle in packet.All("ftrace_events"))
            {
                int cpu = bundle.Int("cpu");
                foreach (ProtoText next in bundle.All("event"))
                {
                    SeenEvent seen = Event(cpu, next);

                    // The importer takes the events of a CPU in order of time.
                    Assert.True(seen.At >= last.GetValueOrDefault(cpu), $"{seen} follows {last.GetValueOrDefault(cpu)}");
                    last[cpu] = seen.At;
                    events.Add(seen);
                }
            }
        }

        return SeenTrace.Of(events, groups);
    }

    /// <summary>CPUs of the bundles that are marked as coming behind lost events.</summary>
    public static IEnumerable<int> AfterLoss(string path) => ProtoText.Trace(path).All("packet").SelectMany(p => p.All("ftrace_events"))
        .Where(bundle => bundle.Find("lost_events") is "true").Select(bundle => bundle.Int("cpu"));

    private static SeenEvent Event(int cpu, ProtoText next)
    {
        (string name, ProtoText fields) = Assert.Single(next.Messages);
        (ulong at, int pid) = (next.Number("timestamp"), next.Int("pid"));
        switch (name)
        {
            case "sched_switch":
                return new SeenSwitch(cpu, at, Task(fields, "prev_"), KernelText.State(fields.Number("prev_state")), Task(fields, "next_"));
            case "sched_waking" or "sched_wakeup":
                return new SeenWakeup(cpu, at, pid, name, Task(fields, string.Empty), fields.Int("target_cpu"));
            case "generic":
                string generic = fields.Text("event_name");
                return generic is "sched_stat_runtime"
                    ? new SeenRuntime(cpu, at, pid, Generic(fields, "comm").Text("str_value"), Generic(fields, "runtime").Number("uint_value"))
                    : new SeenEvent(cpu, at, pid, generic, EventDetail.OfFields(generic, field => GenericValue(fields, field)));
            default: return new SeenEvent(cpu, at, pid, name, EventDetail.OfFields(name, fields.Plain));
        }
    }

    private static ProtoText Generic(ProtoText fields, string name) =>
        fields.All("field").Single(f => string.Equals(f.Text("name"), name, StringComparison.Ordinal));

    private static string? GenericValue(ProtoText fields, string name)
    {
        ProtoText? field = fields.All("field").FirstOrDefault(f => string.Equals(f.Text("name"), name, StringComparison.Ordinal));
        return field?.Plain("str_value") ?? field?.Plain("int_value") ?? field?.Plain("uint_value");
    }

    private static SeenTask Task(ProtoText fields, string prefix) => new(fields.Int(prefix + "pid"), fields.Text(prefix + "comm"), fields.Int(prefix + "prio"));
}
