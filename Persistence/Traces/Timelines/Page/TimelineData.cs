using System.IO.Compression;
using System.Text.Json;

namespace ActorTrace.Traces.Timelines.Page;

/// <summary>A timeline as the page reads it (Page/data.js).</summary>
/// <remarks>
/// <code>
///  gzip of
///    4      length of the head, little endian
///    n      head: JSON, UTF-8
///    lanes  for each lane, column by column:  slices: gap to the slice before | length | label
///                                             points: time since the point before | label | detail | task
///    arrows column by column: time since the arrow before | latency | from lane | to lane | detail
/// </code>
/// Numbers are LEB128; the first time of a column counts from the timeline's start. The page makes typed arrays of them.
/// </remarks>
internal static class TimelineData
{
    /// <summary>Encodes a timeline; the same timeline always gives the same bytes.</summary>
    public static byte[] Encode(Timeline timeline)
    {
        var result = new MemoryStream();
        using (var compressed = new GZipStream(result, CompressionLevel.Optimal, leaveOpen: true))
        {
            byte[] head = Head(timeline);
            compressed.Write(BitConverter.GetBytes(head.Length));
            compressed.Write(head);
            var columns = new ColumnWriter(compressed);
            foreach (TimelineLane lane in timeline.Lanes)
            {
                Slices(columns, lane.Slices, timeline.Start);
                Points(columns, lane.Points, timeline.Start);
            }

            Arrows(columns, timeline.Arrows, timeline.Start);
            columns.Flush();
        }

        return result.ToArray();
    }

    private static byte[] Head(Timeline timeline)
    {
        var result = new MemoryStream();
        using (var json = new Utf8JsonWriter(result))
        {
            json.WriteStartObject();
            json.WriteString("title", timeline.Title);
            json.WriteString("start", FormattableString.Invariant($"{timeline.Start}"));
            json.WriteNumber("span", timeline.End - timeline.Start);
            json.WriteNumber("events", timeline.Events);
            json.WriteNumber("arrows", timeline.Arrows.Count);
            json.WriteStartArray("labels");
            foreach (TimelineLabel label in timeline.Labels)
            {
                json.WriteStartArray();
                json.WriteStringValue(label.Text);
                json.WriteNumberValue((int)label.Style);
                json.WriteNumberValue(label.Color);
                json.WriteEndArray();
            }

            json.WriteEndArray();
            json.WriteStartArray("details");
            foreach (string detail in timeline.Details)
            {
                json.WriteStringValue(detail);
            }

            json.WriteEndArray();
            json.WriteStartArray("lanes");
            foreach (TimelineLane lane in timeline.Lanes)
            {
                Lane(json, lane);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return result.ToArray();
    }

    private static void Lane(Utf8JsonWriter json, TimelineLane lane)
    {
        json.WriteStartObject();
        json.WriteNumber("kind", (int)lane.Kind);
        json.WriteString("key", lane.Key);
        json.WriteString("title", lane.Title);
        json.WriteString("note", lane.Note);
        json.WriteString("group", lane.Group);
        json.WriteNumber("slices", lane.Slices.Count);
        json.WriteNumber("points", lane.Points.Count);
        json.WriteEndObject();
    }

    private static void Slices(ColumnWriter columns, IReadOnlyList<TimelineSlice> slices, ulong start)
    {
        ulong last = start;
        foreach (TimelineSlice slice in slices)
        {
            columns.Number(slice.Start - last);
            last = slice.End;
        }

        columns.Column(slices, slice => slice.End - slice.Start);
        columns.Column(slices, slice => (ulong)slice.Label);
    }

    private static void Points(ColumnWriter columns, IReadOnlyList<TimelinePoint> points, ulong start)
    {
        columns.Times(points, point => point.At, start);
        columns.Column(points, point => (ulong)point.Label);
        columns.Column(points, point => (ulong)point.Detail);
        columns.Column(points, point => (ulong)point.Task);
    }

    private static void Arrows(ColumnWriter columns, IReadOnlyList<TimelineArrow> arrows, ulong start)
    {
        columns.Times(arrows, arrow => arrow.From, start);
        columns.Column(arrows, arrow => arrow.To - arrow.From);
        columns.Column(arrows, arrow => (ulong)arrow.FromLane);
        columns.Column(arrows, arrow => (ulong)arrow.ToLane);
        columns.Column(arrows, arrow => (ulong)arrow.Detail);
    }
}
