namespace ActorTrace.Machine.Profiles;

/// <summary><c>a ?? b</c>: the first side whose names the image has. Builds of one kernel differ in their names (a
/// member renamed, a variable left out by the optimiser); which side counts is settled when the profile is bound.</summary>
internal static class ProfileAlternatives
{
    /// <summary>The position of the token that ends the alternative which begins at a position: a closing bracket or
    /// colon that it did not open, a <c>??</c> of its own, or the end.</summary>
    internal static int End(IReadOnlyList<ProfileToken> tokens, int position)
    {
        int brackets = 0;
        int questions = 0;
        while (tokens[position].Kind != ProfileTokenKind.End)
        {
            var token = tokens[position];
            bool outermost = brackets == 0 && questions == 0;
            if (outermost && (token.Is("??") || token.Is(")") || token.Is("]") || token.Is(":")))
            {
                break;
            }

            brackets += token.Is("(") || token.Is("[") ? 1 : token.Is(")") || token.Is("]") ? -1 : 0;
            questions += brackets > 0 ? 0 : token.Is("?") ? 1 : token.Is(":") ? -1 : 0;
            position++;
        }

        return position;
    }
}
