using System.Globalization;
using Xunit;

namespace ActorTrace.Pages.Tests.Service;

/// <summary>The messages of a causal chain as a sequence diagram.</summary>
public sealed class SequenceTests : IClassFixture<Browser>, IDisposable
{
    // From, to, message, begin: the way of a hit through the actors.
    private static readonly (string From, string To, string Message, int Start)[] Sent =
    [
        ("core-1", "core-1/hyp", "TrapTaken", 1000), ("core-1/hyp", "instrumentation", "ProbeHit", 1040), ("instrumentation", "extraction", "Extract", 1100),
        ("extraction", "extraction", "ring write", 1400), ("extraction", "gic", "SendSgi", 1700), ("gic", "core-0", "SgiPending", 2500),
    ];

    private readonly StandIn _service = new();
    private readonly Browser _browser;

    public SequenceTests(Browser browser)
    {
        _browser = browser;
        _service.Add(new MadeRun("a", 1_000_000, (_, _) => Nothing())
        {
            Chains = [new { Id = "00aa", Name = "hit OSTimeDly", StartNs = 1000, EndNs = 3000, Guest = "ucos", Task = "RTOS-Task1", Symbol = "OSTimeDly" }],
            Sequences = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["00aa"] = new
                {
                    Id = "00aa",
                    Name = "hit OSTimeDly",
                    Participants = Sent.SelectMany(m => new[] { m.From, m.To }).Distinct(StringComparer.Ordinal).Select(name => new { Name = name, IsActor = true }),
                    Messages = Sent.Select(m => new { m.From, m.To, m.Message, StartNs = m.Start, EndNs = m.Start + 20, Core = 1, Attributes = new { Cycles = 34 } }),
                },
            },
        });
    }

    public void Dispose() => _service.Dispose();

    [SkippableFact]
    public void Each_message_is_an_arrow_from_its_sender_to_its_receiver_one_below_the_other()
    {
        _browser.Visit($"{_service.Address}#run=a");
        Browser.WaitFor(() => _browser.Run<bool>("return window.actortrace !== undefined && !document.getElementById('run').hidden"));
        _browser.Press("3");
        Browser.WaitFor(() => _browser.Run<long>("return document.querySelectorAll('#chains li').length") == 1);
        _browser.Find("#chains li").Click();
        Browser.WaitFor(() => _browser.Run<long>("return document.querySelectorAll('#sequence .message').length") == Sent.Length);
        Dictionary<string, double> columns = _browser.Run<string>(
            "return [...document.querySelectorAll('#sequence .name')].map(name => `${name.querySelector('title').textContent} ${name.querySelector('text').getAttribute('x')}`).join('\\n')")
            .Split('\n').Select(line => line.Split(' ')).ToDictionary(parts => parts[0], parts => Number(parts[1]), StringComparer.Ordinal);
        Assert.Equal(Sent.SelectMany(m => new[] { m.From, m.To }).Distinct(StringComparer.Ordinal), columns.OrderBy(column => column.Value).Select(column => column.Key), StringComparer.Ordinal);
        string[] rows = _browser.Run<string>(
            """
            return [...document.querySelectorAll('#sequence .message')].map(message => {
              const head = message.querySelector('.head').getAttribute('d').match(/^M([\d.]+) ([\d.]+)/);
              const tail = message.querySelector('.arrow').getAttribute('d').match(/^M([\d.]+)/);
              return [tail[1], head[1], head[2], message.querySelector('.what').textContent, message.querySelector('.time').textContent].join('|');
            }).join('\n');
            """).Split('\n');
        double above = 0;
        foreach ((string[] row, (string From, string To, string Message, int Start) sent) in rows.Select(row => row.Split('|')).Zip(Sent))
        {
            Assert.Equal(columns[sent.From], Number(row[0]));
            Assert.Equal(columns[sent.To], Number(row[1]));
            Assert.InRange(Number(row[2]), above + 15, above + 40);
            Assert.Equal(sent.Message, row[3]);
            Assert.StartsWith("+", row[4], StringComparison.Ordinal);
            above = Number(row[2]);
        }

        Assert.EndsWith("+1.500 us", rows[^1], StringComparison.Ordinal);
        Assert.Empty(_browser.Console());
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static async IAsyncEnumerable<string> Nothing()
    {
        await Task.Yield();
        yield break;
    }
}
