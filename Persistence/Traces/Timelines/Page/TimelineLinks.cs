using System.Globalization;

namespace ActorTrace.Traces.Timelines.Page;

/// <summary>Addresses of places on the page's timeline (Page/address.js).</summary>
/// <param name="timeline">The timeline.</param>
internal sealed class TimelineLinks(Timeline timeline)
{
    /// <summary>To a stretch on a lane; null where the timeline has no such lane or the stretch is not in it.</summary>
    public string? To(string lane, ulong start, ulong length)
    {
        if (timeline.Find(lane) is null || start < timeline.Start || start > timeline.End)
        {
            return null;
        }

        ulong margin = Math.Max(length / 2, 500);
        return string.Create(CultureInfo.InvariantCulture, $"#t={start - Math.Min(margin, start)}-{start + length + margin}&e={lane}@{start}");
    }

    /// <summary>To the first job of a task whose response took so long, from its wake-up to its next sleep; null where there is none.</summary>
    public string? ToJob(int pid, ulong response)
    {
        string key = string.Create(CultureInfo.InvariantCulture, $"task:{pid}");
        ulong? released = null;
        bool asleep = true;
        foreach (TimelineSlice slice in timeline.Find(key)?.Slices ?? [])
        {
            LabelStyle style = timeline.Labels[slice.Label].Style;
            if (style == LabelStyle.Sleeping)
            {
                if (released is { } start && slice.Start - start == response)
                {
                    return To(key, start, response);
                }

                (released, asleep) = (null, true);
            }
            else if (style == LabelStyle.Woken && asleep)
            {
                (released, asleep) = (slice.Start, false);
            }
        }

        return null;
    }

    /// <summary>To the first wait of a task of a length, from its wake-up until it runs; null where there is none.</summary>
    public string? ToWait(int pid, ulong latency)
    {
        string key = string.Create(CultureInfo.InvariantCulture, $"task:{pid}");
        TimelineSlice found = (timeline.Find(key)?.Slices ?? [])
            .FirstOrDefault(slice => timeline.Labels[slice.Label].Style == LabelStyle.Woken && slice.End - slice.Start == latency);
        return found == default ? null : To(key, found.Start, latency);
    }

    /// <summary>To the arrow that took so long from a guest's hit to its log entry; null where there is none.</summary>
    public string? ToArrow(ulong latency)
    {
        for (int i = 0; i < timeline.Arrows.Count; i++)
        {
            TimelineArrow arrow = timeline.Arrows[i];
            if (arrow.To - arrow.From == latency)
            {
                ulong margin = Math.Max(latency / 2, 500);
                return string.Create(CultureInfo.InvariantCulture, $"#t={arrow.From - Math.Min(margin, arrow.From)}-{arrow.To + margin}&a={i}");
            }
        }

        return null;
    }
}
