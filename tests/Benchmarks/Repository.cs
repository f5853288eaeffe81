namespace ActorTrace.Benchmarks;

/// <summary>Finds files of the checkout from wherever the benchmark's own build runs.</summary>
internal static class Repository
{
    public static string File(params string[] parts)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "ActorTrace.sln")))
            {
                return Path.Combine([folder.FullName, .. parts]);
            }
        }

        throw new InvalidOperationException("Run the benchmarks inside a checkout.");
    }
}
