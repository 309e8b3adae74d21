using LibbpfSharp.Formats.Instructions;

namespace LibbpfSharp.Emulator;

/// <summary>
/// The helpers of a kernel by id. The built-in ones are declared once, each beside its implementation, by the
/// <c>Declare</c> method of its family; a kernel copies that table when a test adds its own.
/// </summary>
internal sealed unsafe class HelperTable
{
    private static readonly Lazy<HelperTable> s_builtIn = new(BuiltInHelpers.Create);

    private readonly Dictionary<int, HelperDescriptor> _byId = [];
    private readonly Dictionary<int, HelperDescriptor> _missing = [];

    /// <summary>The helpers that the emulator implements.</summary>
    public static HelperTable BuiltIn => s_builtIn.Value;

    /// <summary>All helpers, by id.</summary>
    public IEnumerable<HelperDescriptor> All => _byId.Values.OrderBy(h => h.Id);

    /// <summary>Helpers of Linux that this kernel lacks, by id: a program that calls one is refused by name.</summary>
    public IEnumerable<HelperDescriptor> Missing => _missing.Values.OrderBy(h => h.Id);

    public HelperDescriptor? Find(int id) => _byId.GetValueOrDefault(id);

    /// <summary>Declares a built-in helper.</summary>
    public HelperDescriptor Add(
        BpfHelperId id,
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
            Id = (int)id,
            Name = BpfHelperNames.GetName(id),
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
        if (_missing.ContainsKey(helper.Id) || !_byId.TryAdd(helper.Id, helper))
            throw new InvalidOperationException($"Helper {helper.Name} is declared twice.");
        return helper;
    }

    /// <summary>Declares a helper that the emulator does not implement.</summary>
    public void AddMissing(BpfHelperId id, string since, ProgramTypeSet types, bool gplOnly = false, Func<ProgramLoad, string?>? permit = null)
    {
        var helper = new HelperDescriptor { Id = (int)id, Name = BpfHelperNames.GetName(id), Since = since, ProgramTypes = types, GplOnly = gplOnly, Permit = permit };
        if (_byId.ContainsKey(helper.Id) || !_missing.TryAdd(helper.Id, helper))
            throw new InvalidOperationException($"Helper {helper.Name} is declared twice.");
    }

    /// <summary>This table with a helper that a test registered, which replaces one of the same id.</summary>
    public HelperTable With(HelperDescriptor helper)
    {
        var table = new HelperTable();
        foreach ((int id, HelperDescriptor known) in _byId)
            table._byId.Add(id, known);
        foreach ((int id, HelperDescriptor missing) in _missing)
            table._missing.Add(id, missing);
        table._missing.Remove(helper.Id);
        table._byId[helper.Id] = helper;
        return table;
    }
}
