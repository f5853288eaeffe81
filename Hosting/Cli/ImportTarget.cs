using ActorTrace.Actors.Importing;
using ActorTrace.Journal.Files;
using ActorTrace.Journal.Streams;

namespace ActorTrace.Hosting.Cli;

/// <summary>The journal that a run is written into which was not simulated here.</summary>
internal static class ImportTarget
{
    /// <summary>Writes a run; a journal that was made for it does not stay where it could not be finished.</summary>
    /// <param name="journal">The file; created, or appended to.</param>
    /// <param name="write">Writes the run.</param>
    /// <exception cref="CliFailureException">It cannot be stored.</exception>
    public static async Task<ImportedRun> WriteAsync(string journal, Func<JournalWriter, Task<ImportedRun>> write)
    {
        JournalFile.CheckWritable(journal);
        bool isNew = !File.Exists(journal);
        try
        {
            using JournalWriter writer = JournalWriter.Open(journal);
            return await write(writer);
        }
        catch (Exception e)
        {
            if (isNew)
            {
                File.Delete(journal);
            }

            if (e is JournalFailedException)
            {
                throw new CliFailureException($"{journal}: {e.Message} (check the path, its rights and the free space)");
            }

            throw;
        }
    }
}
