using System.Text;
using LibbpfSharp.Formats;
using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Interop;
using LibbpfSharp.Tests.Integration.Objects;

namespace LibbpfSharp.Tests.Integration.RealObjects;

/// <summary>Every object that others wrote and libbpf loads on this host, the managed loader loads too.</summary>
public sealed class CorpusLoadTests
{
    [Fact]
    public void Managed_loader_loads_what_libbpf_loads()
    {
        IReadOnlyList<string> files = Corpus.Require();
        var table = new StringBuilder($"{files.Count} objects of the corpus on Linux:\n");
        var differences = new List<string>();
        int loaded = 0;
        foreach (string file in files)
        {
            string name = Path.GetFileName(file);
            string? throughLibbpf = TryLoad(file, LoaderCase.Libbpf, out string first, out int leftOut);
            string? throughManaged = TryLoad(file, LoaderCase.Managed, out string second, out _);
            table.Append($"  {name,-40} libbpf: {throughLibbpf ?? "ok",-10} managed: {throughManaged ?? "ok"}{(leftOut > 0 ? $" ({leftOut} programs left out: no such target here)" : "")}\n");
            if (throughLibbpf is null && throughManaged is not null)
                differences.Add($"{name}: {throughManaged}");
            else if (throughLibbpf is null && first != second)
                differences.Add($"{name}: libbpf made {first}; the managed loader {second}");
            if (throughLibbpf is null)
                loaded++;
        }

        Summary.Write(table.ToString());
        Assert.True(loaded > 0, "libbpf loads none of them");
        Assert.True(differences.Count == 0, string.Join("\n", differences));
    }

    private static bool HasTarget(BpfProgramDefinition program, IBpfKernel kernel)
    {
        if (program.Type == BpfProgramType.Ext)
            return false;
        if (program.ExpectedAttachType is BpfAttachType.TraceFentry or BpfAttachType.TraceFexit && HostExceptions.IsListed("fentry load"))
            return false;
        if (!program.Spec.Section.NeedsAttachBtfId)
            return true;
        (string name, BtfKind kind) = program.ExpectedAttachType == BpfAttachType.TraceRawTp ? ("btf_trace_" + program.AttachTarget, BtfKind.Typedef) : (program.AttachTarget, BtfKind.Func);
        return program.AttachTarget.Length > 0 && KernelTypes.Of(kernel).TryGet() is { } btf && btf.TryFindByName(name, kind, out _);
    }

    // Null if it loads; else why not. Programs whose target this kernel does not have are left out, as the tools do.
    private static string? TryLoad(string file, string @case, out string made, out int leftOutPrograms)
    {
        made = "";
        leftOutPrograms = 0;
        int leftOut = 0;
        try
        {
            using BpfObjectOpen open = BpfObject.Open(file, LoaderCase.Options(@case, pinRoot: null));
            foreach (BpfMapDefinition map in open.Maps)
            {
                map.PinPath = null;

                // Sizes that the tools set by the machine before they load.
                if (map.MaxEntries == 0 && map.Type is not BpfMapType.PerfEventArray)
                    map.MaxEntries = 64;
            }

            foreach (BpfProgramDefinition program in open.Programs)
            {
                if (!HasTarget(program, open.Options.Kernel!))
                {
                    program.AutoLoad = false;
                    leftOut++;
                }
            }

            using BpfObject loaded = open.Load();
            leftOutPrograms = leftOut;
            made = string.Join(
                ", ",
                loaded.Programs.Select(p => $"{p.Name}:{p.Type}:{p.GetInfo().XlatedSize > 0}:{p.GetInfo().MapCount}")
                    .Concat(loaded.Maps.Select(m => $"{m.Name}:{m.Type}:{m.KeySize}:{m.ValueSize}:{m.MaxEntries}:{m.Flags}")));
            return null;
        }
        catch (Exception e) when (e is BpfException or BpfObjectFormatException)
        {
            return e.Message;
        }
    }
}
