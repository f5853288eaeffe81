using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;

namespace ActorTrace.Journal.Batches;

/// <summary>The events of our journals as bytes. A manifest names a layout for ever; layouts are only extended.</summary>
/// <param name="system">The actor system that asks.</param>
public sealed class JournalSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>The serializer's number in the journal's rows.</summary>
    public const int Id = 7210;

    /// <summary>The layout of <see cref="PackedBatch"/>.</summary>
    public const string BatchManifest = "batch-v1";

    /// <summary>The layout of <see cref="StreamEnd"/>.</summary>
    public const string EndManifest = "end-v1";

    /// <inheritdoc/>
    public override int Identifier => Id;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Not an event of our journals.</exception>
    public override string Manifest(object o) => o switch
    {
        PackedBatch => BatchManifest,
        StreamEnd => EndManifest,
        _ => throw NotOurs(o),
    };

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Not an event of our journals.</exception>
    public override byte[] ToBinary(object obj) => obj switch
    {
        PackedBatch batch => batch.Bytes.ToArray(),
        StreamEnd end => end.ToBytes(),
        _ => throw NotOurs(obj),
    };

    /// <inheritdoc/>
    /// <exception cref="SerializationException">A manifest of a newer version.</exception>
    /// <exception cref="Traces.Binary.JournalFormatException">Damaged bytes.</exception>
    public override object FromBinary(byte[] bytes, string manifest) => manifest switch
    {
        BatchManifest => PackedBatch.FromBytes(bytes),
        EndManifest => StreamEnd.FromBytes(bytes),
        _ => throw new SerializationException($"events \"{manifest}\" are not known to this version"),
    };

    private static ArgumentException NotOurs(object o) => new($"{o.GetType().Name} is not an event of a journal", nameof(o));
}
