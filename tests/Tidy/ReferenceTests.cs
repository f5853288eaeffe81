using System.Xml.Linq;
using Xunit;

namespace ActorTrace.Tidy;

public class ReferenceTests
{
    // From left to right: a project may use anything to its left.
    private static readonly string[] Order = ["ActorTrace.Machine", "ActorTrace.Traces", "ActorTrace.Journal", "ActorTrace.Actors", "ActorTrace.Hosting"];

    [Fact]
    public void References_point_to_the_left_only()
    {
        foreach (string project in Checkout.OfType(".csproj"))
        {
            int place = Array.IndexOf(Order, Name(project));
            foreach (string used in References(project))
            {
                int other = Array.IndexOf(Order, used);
                Assert.True(other >= 0, $"{project} uses {used}, which is no project of the layers");
                Assert.True(place < 0 || other < place, $"{project} uses {used}, which is to its right");
            }
        }
    }

    [Fact]
    public void Every_layer_is_there()
    {
        string[] names = [.. Checkout.OfType(".csproj").Select(Name)];
        Assert.All(Order, layer => Assert.Contains(layer, names, StringComparer.Ordinal));
    }

    // docs/decisions/0003-dependencies.md says why; managed code, so that the same run gives the same bytes everywhere.
    [Theory]
    [InlineData("ActorTrace.Machine")]
    [InlineData("ActorTrace.Traces", "HdrHistogram", "ZstdSharp.Port")]
    public void The_pure_layers_use_no_package_but_those_decided_on(string layer, params string[] packages)
    {
        string project = Checkout.OfType(".csproj").Single(p => string.Equals(Name(p), layer, StringComparison.Ordinal));
        Assert.Equal(
            packages,
            XDocument.Parse(Checkout.Read(project)).Descendants("PackageReference").Select(r => r.Attribute("Include")!.Value),
            StringComparer.Ordinal);
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        string solution = Checkout.Read("ActorTrace.sln").Replace('\\', '/');
        Assert.All(Checkout.OfType(".csproj"), project => Assert.Contains(project, solution, StringComparison.Ordinal));
    }

    private static string Name(string project) => Path.GetFileNameWithoutExtension(project);

    private static IEnumerable<string> References(string project) => XDocument.Parse(Checkout.Read(project))
        .Descendants("ProjectReference").Select(r => Name(r.Attribute("Include")!.Value.Replace('\\', '/')));
}
