using System.CommandLine;
using ActorTrace.Hosting.Scenarios;
using ActorTrace.Hosting.Yaml;
using ActorTrace.Machine.Images;
using ActorTrace.Machine.Profiles;

namespace ActorTrace.Hosting.Cli;

/// <summary>`actortrace profile check`: what a kernel profile finds in an image, and what it misses there.</summary>
internal static class ProfileCommand
{
    /// <summary>Makes the command with its subcommand.</summary>
    public static Command Create(CliContext context)
    {
        Argument<string> elf = new("ELF") { Description = "Program of a guest, or an object file of it: an ELF file for 32-bit ARM." };
        Argument<string> profile = new("PROFILE") { Description = "Kernel profile: a YAML file, or the name of a profile that comes with the tool." };
        Option<bool> json = JournalArguments.Json();
        var check = new Command(
            "check",
            "Says what a kernel profile finds in a guest's image: symbols, types, fields, probes; and everything that is missing.")
        { elf, profile, json };
        check.SetAction(p => Check(context, p.GetRequiredValue(elf), p.GetRequiredValue(profile), p.GetValue(json)));
        return new Command("profile", "Works on kernel profiles: how the tasks of a kernel are read.") { check };
    }

    private static int Check(CliContext context, string elf, string name, bool json)
    {
        (string path, ReadOnlyMemory<byte> text) = ReadProfile(name);
        (KernelProfile profile, MapReader root) = ProfileReader.Read(path, Utf8.Decode(path, text));
        ReadOnlyMemory<byte> bytes = ReadFile(elf, RecordedFiles.MaxImageBytes);
        try
        {
            ElfImage image = ElfImage.ParseLinkedOrNot(bytes, elf);
            var report = new ProfileReport(profile, path, image, CompiledProfile.Check(profile, image), root);
            report.Write(context.Out, json);
            return report.Fits ? ExitCodes.Done : ExitCodes.Failure;
        }
        catch (ImageFormatException e)
        {
            throw new InputException(
                elf, e.Message[(elf.Length + 2)..], e.Message.EndsWith(')') ? "" : "an ELF32 file for little-endian ARM is needed");
        }
    }

    private static (string Path, ReadOnlyMemory<byte> Text) ReadProfile(string name)
    {
        if (name.EndsWith(".yaml", StringComparison.Ordinal) || name.Contains('/', StringComparison.Ordinal))
        {
            return (name, ReadFile(name, RecordedFiles.MaxProfileBytes));
        }

        string path = $"profiles/{name}.yaml";
        try
        {
            return (path, DiskScenarioFiles.Beside(path).ReadProfile(path, RecordedFiles.MaxProfileBytes));
        }
        catch (ScenarioFileException e)
        {
            throw new InputException("PROFILE", e.Message, e.Mend);
        }
    }

    private static ReadOnlyMemory<byte> ReadFile(string path, int maxBytes)
    {
        try
        {
            return DiskScenarioFiles.ReadBounded(path, path, maxBytes);
        }
        catch (ScenarioFileException e)
        {
            throw new InputException(path, e.Message.Replace($"'{path}' ", "the file ", StringComparison.Ordinal), "give the path of a readable file");
        }
    }
}
