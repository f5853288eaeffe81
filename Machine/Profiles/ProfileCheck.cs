namespace ActorTrace.Machine.Profiles;

/// <summary>What a kernel profile finds in an image.</summary>
/// <param name="Uses">The names of the image that it uses, each once, in the order of the profile.</param>
/// <param name="Fields">Its keys that hold expressions, with the types of their values.</param>
/// <param name="ProbeSets">Its probe sets, of each the probes that have a place.</param>
/// <param name="Problems">What is missing or wrong, in the order of the profile; none where it fits.</param>
public sealed record ProfileCheck(
    IReadOnlyList<ProfileUse> Uses,
    IReadOnlyList<ProfileField> Fields,
    IReadOnlyList<BoundProbeSet> ProbeSets,
    IReadOnlyList<ProfileException> Problems);

/// <summary>A key of a profile with its expression.</summary>
/// <param name="Key">e.g. task.name.</param>
/// <param name="Text">The expression.</param>
/// <param name="Type">C type of its value.</param>
public sealed record ProfileField(string Key, string Text, string Type);
