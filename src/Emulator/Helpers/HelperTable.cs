namespace LibbpfSharp.Emulator;

/// <summary>
/// The helpers of a kernel by id. The built-in ones are declared once, each beside its implementation, by the
/// <c>Declare</c> method of its family; a kernel copies that table when a test adds its own.
/// </summary>
internal sealed unsafe class HelperTable
{
    private static readonly Lazy<HelperTable> s_builtIn = new(BuiltInHelpers.Create);

    private readonly Dictionary<int, HelperDescriptor> _byId = [];

    /// <summary>The helpers that the emulator implements.</summary>
    public static HelperTable BuiltIn => s_builtIn.Value;

    /// <summary>All helpers, by id.</summary>
    public IEnumerable<HelperDescriptor> All => _byId.Values.OrderBy(h => h.Id);

    public HelperDescriptor? Find(int id) => _byId.GetValueOrDefault(id);

    /// <summary>Declares a built-in helper.</summary>
    public HelperDescriptor Add(
        int id,
        string name,
        string since,
        ProgramTypeSet types,
        ReturnKind returns,
        ReadOnlySpan<ArgumentKind> arguments,
        delegate* managed<RunContext, ulong, ulong, ulong, ulong, ulong, ulong> implementation,
        bool gplOnly = false,
        bool changesPacket = false,
        bool callsBack = false,
        Func<ProgramLoad, string?>? permit = null)
    {
        var helper = new HelperDescriptor
        {
            Id = id,
            Name = name,
            Since = since,
            ProgramTypes = types,
            Returns = returns,
            Arguments = arguments.ToArray(),
            Implementation = implementation,
            GplOnly = gplOnly,
            ChangesPacket = changesPacket,
            CallsBack = callsBack,
            Permit = permit,
        };
        if (!_byId.TryAdd(id, helper))
            throw new InvalidOperationException($"Helper {id} is declared twice: {_byId[id].Name}, {name}.");
        return helper;
    }

    /// <summary>This table with a helper that a test registered, which replaces one of the same id.</summary>
    public HelperTable With(HelperDescriptor helper)
    {
        var table = new HelperTable();
        foreach ((int id, HelperDescriptor known) in _byId)
            table._byId.Add(id, known);
        table._byId[helper.Id] = helper;
        return table;
    }
}
