using LibbpfSharp.Emulator;
using LibbpfSharp.Formats.Instructions;

namespace LibbpfSharp.UnitTests.Emulator.Helpers;

public sealed class HelperTableTests
{
    [Fact]
    public void EveryHelperOfLinuxIsDeclaredOnce()
    {
        int[] declared = [.. HelperTable.BuiltIn.All.Concat(HelperTable.BuiltIn.Missing).Select(h => h.Id).Order()];
        Assert.Equal(Enumerable.Range(1, BpfHelperNames.Count - 1), declared);
    }

    [Fact]
    public void MissingHelpersAreNotFound() => Assert.All(HelperTable.BuiltIn.Missing, helper => Assert.Null(HelperTable.BuiltIn.Find(helper.Id)));

    [Fact]
    public void KfuncsAreInTheShippedBtf()
    {
        // What no C prototype of the shipped BTF names could not be called.
        using var kernel = new EmulatedKernel();
        string[] known = ["bpf_xdp_metadata_rx_hash", "bpf_xdp_metadata_rx_vlan_tag"];
        Assert.Equal(known, KfuncTable.BuiltIn.All.Where(k => !kernel.KernelTypes.Btf!.TryFindByName(k.Name, LibbpfSharp.Formats.Btf.BtfKind.Func, out _)).Select(k => k.Name));
    }

    [Fact]
    public void TheDocumentIsMadeFromTheTable()
    {
        string path = FindDocument();
        string wanted = HelperDocument.Write();
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
            File.WriteAllText(path, wanted);
        Assert.Equal(wanted, File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "(missing)");
    }

    private static string FindDocument()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "LibbpfSharp.sln")))
                return Path.Combine(folder.FullName, "docs", "emulator-helpers.md");
        }

        throw new InvalidOperationException("The repository's root is not above the test.");
    }
}
