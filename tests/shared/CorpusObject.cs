using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Tests;

/// <summary>Opens objects of the corpus as the tools that they belong to do before they load them.</summary>
internal static class CorpusObject
{
    /// <summary>
    /// Opens an object: nothing is pinned, maps whose sizes its tool sets get some, and programs whose target the
    /// host's kernel does not have are left out, as the tools do.
    /// </summary>
    /// <param name="file">The object.</param>
    /// <param name="options">Kernel and loader.</param>
    /// <param name="leftOut">Number of programs left out.</param>
    public static BpfObjectOpen Open(string file, BpfObjectOptions options, out int leftOut)
    {
        leftOut = 0;
        BpfObjectOpen open = BpfObject.Open(file, options);
        foreach (BpfMapDefinition map in open.Maps)
        {
            map.PinPath = null;
            if (map.MaxEntries == 0 && map.Type is not BpfMapType.PerfEventArray)
                map.MaxEntries = 64;
            if (map is { Type: BpfMapType.StackTrace, ValueSize: 0 })
                map.ValueSize = 127 * sizeof(ulong);
        }

        foreach (BpfProgramDefinition program in open.Programs)
        {
            if (HasTarget(program))
                continue;
            program.AutoLoad = false;
            leftOut++;
        }

        return open;
    }

    private static bool HasTarget(BpfProgramDefinition program)
    {
        if (program.Type == BpfProgramType.Ext)
            return false;
        if (program.ExpectedAttachType is BpfAttachType.TraceFentry or BpfAttachType.TraceFexit && HostExceptions.IsListed("fentry load"))
            return false;
        if (!program.Spec.Section.NeedsAttachBtfId)
            return true;
        (string name, BtfKind kind) = program.ExpectedAttachType == BpfAttachType.TraceRawTp ? ("btf_trace_" + program.AttachTarget, BtfKind.Typedef) : (program.AttachTarget, BtfKind.Func);
        return program.AttachTarget.Length > 0 && KernelTypes.Of(TestKernels.Host).TryGet() is { } btf && btf.TryFindByName(name, kind, out _);
    }
}
