using ActorTrace.Hosting.Yaml;
using Xunit;

namespace ActorTrace.Hosting.Tests.Yaml;

public class YamlTextTests
{
    [Fact]
    public void Nodes_know_their_places()
    {
        var map = Assert.IsType<YamlMap>(Assert.Single(YamlText.Parse("f.yaml", "a: 1\nb:\n  - x\n  - 'y'\n")));
        Assert.Equal(new YamlPlace("f.yaml", 1, 4), map.Entries[0].Value.Place);
        var list = Assert.IsType<YamlList>(map.Entries[1].Value);
        Assert.Equal(new YamlPlace("f.yaml", 4, 5), list.Items[1].Place);
        Assert.False(Assert.IsType<YamlScalar>(list.Items[1]).Plain);
    }

    [Theory]
    [InlineData("a: [1", "f.yaml:", "not valid YAML")]
    [InlineData("a: 1\n\tb: 2", "f.yaml:", "not valid YAML")]
    [InlineData("a: 1\na: 2", "f.yaml:2:1", "key 'a' is there twice")]
    [InlineData("a: &x [1]\nb: *x", "f.yaml:2:4", "aliases (*name) are not read")]
    [InlineData("? [a]\n: 1", "f.yaml:1:3", "a key is a list")]
    [InlineData("a: \"\\x\"", "f.yaml:1:", "not valid YAML")]
    [InlineData("%YAML 9.9\n---\na: 1", "f.yaml:1:", "not valid YAML")]
    [InlineData("a: 'open", "f.yaml:", "not valid YAML")]
    public void A_mistake_has_its_place(string text, string place, string what)
    {
        InputException error = Assert.Throws<InputException>(() => YamlText.Parse("f.yaml", text));
        Assert.StartsWith(place, error.Place, StringComparison.Ordinal);
        Assert.StartsWith(what, error.What, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    public void Endless_nesting_is_refused_before_it_costs_a_stack(char open)
    {
        InputException error = Assert.Throws<InputException>(() => YamlText.Parse("f.yaml", new string(open, 500_000)));
        Assert.Contains("32", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bomb_of_aliases_is_refused()
    {
        string bomb = "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n";
        Assert.Contains("aliases", Assert.Throws<InputException>(() => YamlText.Parse("f.yaml", bomb)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_than_a_mebibyte_is_refused()
    {
        string text = "a: " + new string('x', YamlText.MaxLength);
        Assert.Contains("1 MiB", Assert.Throws<InputException>(() => YamlText.Parse("f.yaml", text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_text_gives_an_error_or_nodes_never_another_exception()
    {
        string good = File.ReadAllText(Checkout.File("scenarios", "arndale.yaml"));
        var random = new Random(20240607);
        const string Alphabet = "[]{}:-,&*!|>'\"%@` \n\t#?a0\0\uFFFF";
        int refused = 0;
        for (int i = 0; i < 2_000; i++)
        {
            char[] text = good.ToCharArray(0, random.Next(1, good.Length));
            for (int k = random.Next(4); k >= 0; k--)
            {
                text[random.Next(text.Length)] = Alphabet[random.Next(Alphabet.Length)];
            }

            try
            {
                _ = YamlText.Parse("f.yaml", new string(text));
            }
            catch (InputException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1, 1_999);
    }
}
