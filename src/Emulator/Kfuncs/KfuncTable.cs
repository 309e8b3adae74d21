namespace LibbpfSharp.Emulator;

/// <summary>The kfuncs of a kernel by name; declared like helpers, once, beside their implementation.</summary>
internal sealed unsafe class KfuncTable
{
    private static readonly Lazy<KfuncTable> s_builtIn = new(BuiltInKfuncs.Create);

    private readonly Dictionary<string, KfuncDescriptor> _byName = new(StringComparer.Ordinal);

    /// <summary>The kfuncs that the emulator implements.</summary>
    public static KfuncTable BuiltIn => s_builtIn.Value;

    /// <summary>All kfuncs, by name.</summary>
    public IEnumerable<KfuncDescriptor> All => _byName.Values.OrderBy(k => k.Name, StringComparer.Ordinal);

    public KfuncDescriptor? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Declares a built-in kfunc.</summary>
    public KfuncDescriptor Add(
        string name,
        string since,
        ProgramTypeSet types,
        delegate* managed<RunContext, ulong, ulong, ulong, ulong, ulong, ulong> implementation,
        KfuncFlags flags = KfuncFlags.None,
        Func<ProgramLoad, string?>? permit = null)
    {
        var kfunc = new KfuncDescriptor
        {
            Name = name,
            Since = since,
            ProgramTypes = types,
            Flags = flags,
            Implementation = implementation,
            Permit = permit,
        };
        if (!_byName.TryAdd(name, kfunc))
            throw new InvalidOperationException($"Kfunc {name} is declared twice.");
        return kfunc;
    }

    /// <summary>This table with a kfunc that a test registered, which replaces one of the same name.</summary>
    public KfuncTable With(KfuncDescriptor kfunc)
    {
        var table = new KfuncTable();
        foreach ((string name, KfuncDescriptor known) in _byName)
            table._byName.Add(name, known);
        table._byName[kfunc.Name] = kfunc;
        return table;
    }
}
