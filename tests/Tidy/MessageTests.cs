using System.Reflection;
using System.Text.RegularExpressions;
using Xunit;

namespace ActorTrace.Tidy;

/// <summary>The protocol of an actor is in its *Messages.cs: sealed, immutable types.</summary>
public partial class MessageTests
{
    public static TheoryData<string> MessageFiles { get; } = [.. Checkout.OfType("Messages.cs").Where(f => f.StartsWith("Actors/", StringComparison.Ordinal) || f.StartsWith("Persistence/", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(MessageFiles))]
    public void Messages_are_sealed(string file)
    {
        string[] open = [.. Declaration().Matches(Checkout.Read(file)).Where(m => !Closed().IsMatch(m.Groups["modifiers"].Value)).Select(m => m.Value)];
        Assert.Empty(open);
    }

    [Theory]
    [MemberData(nameof(MessageFiles))]
    public void Messages_are_immutable(string file)
    {
        Assembly assembly = Assembly.Load(file.StartsWith("Actors/", StringComparison.Ordinal) ? "ActorTrace.Actors" : "ActorTrace.Journal");
        var names = Declaration().Matches(Checkout.Read(file)).Select(m => m.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
        string space = Namespace().Match(Checkout.Read(file)).Groups["name"].Value;
        Type[] types = [.. assembly.GetTypes().Where(t => !t.IsNested && !t.IsEnum && string.Equals(t.Namespace, space, StringComparison.Ordinal) && names.Contains(t.Name.Split('`')[0]))];
        Assert.Equal(names.Count, types.Length);
        Assert.Empty(types.SelectMany(t => t.GetProperties()).Where(Settable).Select(p => $"{p.DeclaringType!.Name}.{p.Name}"));
        Assert.Empty(types.SelectMany(t => t.GetFields(BindingFlags.Instance | BindingFlags.Public)).Where(f => !f.IsInitOnly).Select(f => f.Name));
    }

    [Fact]
    public void There_are_messages_to_check() => Assert.NotEmpty(MessageFiles);

    private static bool Settable(PropertyInfo property) => property.SetMethod is { IsPublic: true } set
        && !set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(System.Runtime.CompilerServices.IsExternalInit));

    [GeneratedRegex(@"^(?:public|internal) (?<modifiers>(?:[a-z]+ )*)(?:record struct|record|class|struct) (?<name>\w+)", RegexOptions.Multiline, 10_000)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"\b(?:sealed|readonly|static|abstract)\b", RegexOptions.None, 10_000)]
    private static partial Regex Closed();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline, 10_000)]
    private static partial Regex Namespace();
}
