using System.Globalization;

namespace ActorTrace.Traces.Formats.TraceDat.Reading;

/// <summary>The names of tasks by pid (saved_cmdlines): one name for each, the last that it had.</summary>
internal sealed class TaskNames
{
    /// <summary>A task whose name the trace does not know, as Linux tools show it.</summary>
    public const string Unknown = "<...>";

    private readonly Dictionary<int, string> _names = [];
    private readonly string[] _idle;
    private int _lastPid;
    private string _last = Unknown;

    /// <summary>Reads lines "pid name"; lines of another form are left out.</summary>
    public TaskNames(string text, int cpus)
    {
        _idle = [.. Enumerable.Range(0, cpus).Select(cpu => string.Create(CultureInfo.InvariantCulture, $"swapper/{cpu}"))];
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            int blank = line.IndexOf(' ');
            if (blank > 0 && int.TryParse(line[..blank], NumberStyles.None, CultureInfo.InvariantCulture, out int pid))
            {
                _names[pid] = line[(blank + 1)..].ToString();
            }
        }
    }

    /// <summary>The name of a task; that of the idle task is swapper/CPU.</summary>
    public string Of(int pid, int cpu)
    {
        if (pid == 0)
        {
            return _idle[cpu];
        }

        if (pid != _lastPid)
        {
            (_lastPid, _last) = (pid, _names.GetValueOrDefault(pid, Unknown));
        }

        return _last;
    }
}
