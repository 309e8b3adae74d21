using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Maps;

namespace LibbpfSharp;

/// <summary>The object that a program was loaded from, as attaching needs it (USDT keeps arguments in maps of the object).</summary>
internal interface IProgramOwner
{
    /// <summary>The object's BTF, or null.</summary>
    BtfData? Btf { get; }

    /// <summary>Which slots of the USDT map are in use.</summary>
    UsdtSpecIds UsdtSpecIds { get; }

    /// <summary>A map of the object, or null.</summary>
    BpfMap? FindMap(string name);
}
