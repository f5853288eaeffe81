using ActorTrace.Traces.Merge;

namespace ActorTrace.Hosting.Service.Api;

/// <summary>The parameter view.</summary>
internal static class ViewParameter
{
    /// <summary>The view that is meant; gpos where none is named.</summary>
    /// <exception cref="ApiException">There is no such view.</exception>
    public static TraceView Parse(string? text) => text switch
    {
        null or "gpos" => TraceView.Gpos,
        "board" => TraceView.Board,
        _ => throw ApiException.BadParameter("view", "gpos or board"),
    };
}
