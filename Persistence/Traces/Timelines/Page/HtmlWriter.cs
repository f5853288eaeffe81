using System.Text.Encodings.Web;

namespace ActorTrace.Traces.Timelines.Page;

/// <summary>A cell of a table.</summary>
/// <param name="Text">What it says.</param>
/// <param name="Link">An address of the page that it leads to; null for none.</param>
/// <param name="IsBad">Whether it tells of something that should not be.</param>
internal readonly record struct HtmlCell(string Text, string? Link = null, bool IsBad = false)
{
    public static implicit operator HtmlCell(string text) => new(text);
}

/// <summary>Writes sections, tables and cards. All texts are encoded.</summary>
/// <param name="output">Where to.</param>
internal sealed class HtmlWriter(TextWriter output)
{
    private const char TextColumn = '<';

    private readonly List<(string Id, string Title)> _sections = [];

    /// <summary>The sections so far.</summary>
    public IReadOnlyList<(string Id, string Title)> Sections => _sections;

    /// <summary>Begins a section.</summary>
    public void BeginSection(string id, string title)
    {
        _sections.Add((id, title));
        output.Write($"<section id=\"{id}\" aria-labelledby=\"{id}-heading\">\n<h2 id=\"{id}-heading\">{Encode(title)}</h2>\n");
    }

    /// <summary>Ends it.</summary>
    public void EndSection() => output.Write("</section>\n");

    /// <summary>A heading inside a section.</summary>
    public void Heading(string text) => output.Write($"<h3>{Encode(text)}</h3>\n");

    /// <summary>A paragraph.</summary>
    public void Note(string text) => output.Write($"<p class=\"note\">{Encode(text)}</p>\n");

    /// <summary>A table; nothing where it has no row.</summary>
    /// <param name="columns">Their names; one that begins with &lt; holds texts, the others numbers.</param>
    /// <param name="rows">A cell for each column.</param>
    public void Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<HtmlCell>> rows)
    {
        bool any = false;
        foreach (IReadOnlyList<HtmlCell> row in rows)
        {
            if (!any)
            {
                Head(columns);
                any = true;
            }

            output.Write("<tr>");
            for (int i = 0; i < columns.Count; i++)
            {
                Cell(row[i], columns[i][0] == TextColumn);
            }

            output.Write("</tr>\n");
        }

        output.Write(any ? "</tbody></table></div>\n" : "<p class=\"note\">None.</p>\n");
    }

    /// <summary>Begins a row of cards.</summary>
    public void BeginCards() => output.Write("<div class=\"cards\">\n");

    /// <summary>Ends it.</summary>
    public void EndCards() => output.Write("</div>\n");

    /// <summary>A card with a picture.</summary>
    /// <param name="title">Its heading.</param>
    /// <param name="text">A line below.</param>
    /// <param name="picture">SVG.</param>
    public void Card(string title, string text, string picture) =>
        output.Write($"<div class=\"card\"><h3>{Encode(title)}</h3><p>{Encode(text)}</p>{picture}</div>\n");

    /// <summary>A picture that stands by itself.</summary>
    public void Picture(string svg) => output.Write(svg + "\n");

    /// <summary>A text inside HTML.</summary>
    public static string Encode(string text) => HtmlEncoder.Default.Encode(text);

    private void Head(IReadOnlyList<string> columns)
    {
        output.Write("<div class=\"scroll\"><table><thead><tr>");
        foreach (string column in columns)
        {
            output.Write(column[0] == TextColumn
                ? $"<th scope=\"col\" class=\"text\">{Encode(column[1..])}</th>"
                : $"<th scope=\"col\">{Encode(column)}</th>");
        }

        output.Write("</tr></thead><tbody>\n");
    }

    private void Cell(HtmlCell cell, bool isText)
    {
        string kind = (isText, cell.IsBad) switch
        {
            (true, true) => " class=\"text bad\"",
            (true, false) => " class=\"text\"",
            (false, true) => " class=\"bad\"",
            _ => string.Empty,
        };
        string text = Encode(cell.Text);
        output.Write(cell.Link is null ? $"<td{kind}>{text}</td>" : $"<td{kind}><a href=\"{Encode(cell.Link)}\">{text}</a></td>");
    }
}
