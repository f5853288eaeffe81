namespace ActorTrace.Machine.Tests.Memory;

/// <summary>The operations of mmu-oracle.S, in the order of its table.</summary>
internal enum MmuOperation
{
    End,
    Configure,
    Load,
    LoadHalf,
    LoadByte,
    Store,
    StoreHalf,
    StoreByte,
    LoadUser,
    StoreUser,
    AtPr,
    AtPw,
    AtUr,
    AtUw,
    Fetch,
    FetchUser,
    StoreTwo,
    LoadTwo,
    Last = LoadTwo,
}
