using System.Text;
using LibbpfSharp.Formats;
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

    // Null if it loads; else why not. Programs whose target this kernel does not have are left out, as the tools do.
    private static string? TryLoad(string file, string @case, out string made, out int leftOutPrograms)
    {
        made = "";
        leftOutPrograms = 0;
        try
        {
            using BpfObjectOpen open = CorpusObject.Open(file, LoaderCase.Options(@case, pinRoot: null), out int leftOut);
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
