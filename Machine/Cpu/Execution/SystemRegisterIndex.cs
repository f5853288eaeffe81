namespace ActorTrace.Machine.Cpu.Execution;

/// <summary>Finds the register that an instruction names in the tables of coprocessors 14 and 15.</summary>
internal static class SystemRegisterIndex
{
    private const uint Coprocessor15 = 1 << 8;
    private static readonly SystemRegisterRow?[] System = Build(SystemRegisterTable.Rows.Concat(Reserved()));
    private static readonly SystemRegisterRow?[] Debug = Build(DebugRegisterTable.Rows);
    private static readonly WideRegisterRow?[] Wide = BuildWide();

    /// <summary>The register of MRC or MCR; null where there is none.</summary>
    internal static SystemRegisterRow? Find(uint word)
    {
        uint key = (((word >> 16) & 15) << 10) | (((word >> 21) & 7) << 7) | ((word & 15) << 3) | ((word >> 5) & 7);
        return ((word & Coprocessor15) != 0 ? System : Debug)[key];
    }

    /// <summary>The register of MRRC or MCRR; null where there is none.</summary>
    internal static WideRegisterRow? FindWide(uint word) => Wide[(word & Coprocessor15) | (word & 0xF0) | (word & 15)];

    /// <summary>
    /// What the tables leave out on purpose: places of c0 that are kept for identification read as zero (B3.17.1), and so does all of
    /// c15, which on a Cortex-A15 is UNPREDICTABLE and on QEMU's has no effect.
    /// </summary>
    private static IEnumerable<SystemRegisterRow> Reserved()
    {
        HashSet<int> taken = [.. SystemRegisterTable.Rows.Select(r => r.Key)];
        for (int crm = 2; crm < 8; crm++)
        {
            for (int opc2 = 0; opc2 < 8; opc2++)
            {
                SystemRegisterRow row = new("reserved", 0, 0, crm, opc2, SystemAccess.Read);
                if (taken.Add(row.Key))
                {
                    yield return row;
                }
            }
        }

        for (int rest = 0; rest < 1 << 10; rest++)
        {
            SystemRegisterRow row = new("implementation defined", 15, rest >> 7, (rest >> 3) & 15, rest & 7, SystemAccess.ReadWrite);
            if (taken.Add(row.Key))
            {
                yield return row;
            }
        }
    }

    private static SystemRegisterRow?[] Build(IEnumerable<SystemRegisterRow> rows)
    {
        SystemRegisterRow?[] index = new SystemRegisterRow?[1 << 14];
        foreach (SystemRegisterRow row in rows)
        {
            if (index[row.Key] is { } other)
            {
                throw new InvalidOperationException($"{row.Name} and {other.Name} have the same place.");
            }

            index[row.Key] = row;
        }

        return index;
    }

    private static WideRegisterRow?[] BuildWide()
    {
        WideRegisterRow?[] index = new WideRegisterRow?[1 << 9];
        foreach (WideRegisterRow row in WideRegisterTable.Rows)
        {
            if (index[row.Key] is { } other)
            {
                throw new InvalidOperationException($"{row.Name} and {other.Name} have the same place.");
            }

            index[row.Key] = row;
        }

        return index;
    }
}
