using ActorTrace.Machine.Memory;

namespace ActorTrace.Machine.Cpu.Execution;

/// <summary>
/// The TLB of a vCPU: a few <see cref="TranslationContext"/>s, of which one is in use. A guest that switches between address spaces
/// finds the translations of each where it left them; it must forget them by TLB maintenance, as on the hardware.
/// </summary>
internal sealed class TranslationCache
{
    private const int MaxContexts = 8;

    /// <summary>The one in use first, then by when they were.</summary>
    private readonly List<TranslationContext> contexts = [new()];

    private uint seenControls;
    private uint seenCode;
    private uint seenLayout;
    private uint seenBroadcasts;
    private CodeCache? seenCache;

    internal TranslationContext Current => contexts[0];

    /// <summary>Chooses the context of the present registers, and forgets what changed controls, another memory or new code have made wrong.</summary>
    internal void Refresh(VcpuContext vcpu, PhysicalMemory memory, CodeCache code)
    {
        if (seenCache != code || seenLayout != memory.Version || seenControls != vcpu.Hyp.TranslationVersion || seenBroadcasts != code.TlbBroadcasts)
        {
            FlushAll();
        }
        else if (seenCode != code.Version)
        {
            contexts.ForEach(static c => c.FlushStores());
        }

        (seenCache, seenControls, seenCode, seenBroadcasts) = (code, vcpu.Hyp.TranslationVersion, code.Version, code.TlbBroadcasts);
        seenLayout = memory.Version;
        TranslationKey key = TranslationKey.Of(vcpu.Cp15);
        if (contexts[0].Key != key)
        {
            Select(key);
        }
    }

    internal void FlushAll() => contexts.ForEach(static c => c.Flush());

    /// <summary>Forgets what was remembered under an ASID, mappings that are global among it.</summary>
    internal void FlushAsid(byte asid)
    {
        foreach (TranslationContext context in contexts)
        {
            if (context.Key.Asid == asid)
            {
                context.Flush();
            }
        }
    }

    /// <summary>Forgets an address under every ASID: which mappings are global is not remembered.</summary>
    internal void FlushAddress(uint address)
    {
        foreach (TranslationContext context in contexts)
        {
            context.FlushAddress(address);
        }
    }

    /// <summary>Tells the other vCPUs of the guest to forget everything.</summary>
    internal void Broadcast(CodeCache code) => seenBroadcasts = ++code.TlbBroadcasts;

    private void Select(TranslationKey key)
    {
        int found = contexts.FindIndex(c => c.Key == key);
        TranslationContext context;
        if (found >= 0)
        {
            context = contexts[found];
            contexts.RemoveAt(found);
        }
        else if (contexts.Count < MaxContexts)
        {
            context = new TranslationContext();
        }
        else
        {
            context = contexts[^1];
            contexts.RemoveAt(contexts.Count - 1);
            context.Flush();
        }

        context.Key = key;
        contexts.Insert(0, context);
    }
}
