using System.Text;

namespace LibbpfSharp.Emulator;

/// <summary>docs/emulator-helpers.md, made from the tables.</summary>
internal static class HelperDocument
{
    /// <summary>The whole document.</summary>
    public static string Write()
    {
        HelperTable helpers = HelperTable.BuiltIn;
        KfuncTable kfuncs = KfuncTable.BuiltIn;
        HelperDescriptor[] implemented = [.. helpers.All];
        HelperDescriptor[] missing = [.. helpers.Missing];
        var text = new StringBuilder();
        text.Append("# Helpers and kfuncs of the emulator\n\n")
            .Append("Made from the tables in src/Emulator/Helpers and src/Emulator/Kfuncs by a unit test; `UPDATE_DOCS=1 dotnet test tests/unit` writes it anew.\n\n")
            .Append("A helper is there for the program types named, from the kernel version named on: what `EmulatedKernelOptions.Release` lacks is refused at load,\n")
            .Append("and so is a helper that the emulator does not implement, by name. \"GPL\" marks helpers for programs with a GPL-compatible license only.\n")
            .Append("A test adds its own, or replaces one, with `EmulatedKernel.RegisterHelper` and `RegisterKfunc`.\n\n")
            .Append("Of the ").Append(implemented.Length + missing.Length).Append(" helpers of Linux (the list is closed), ").Append(implemented.Length)
            .Append(" are implemented, and ").Append(kfuncs.All.Count()).Append(" kfuncs.\n\n")
            .Append("## Helpers\n\n| id | helper | since | program types | |\n|---|---|---|---|---|\n");
        foreach (HelperDescriptor helper in implemented)
            Row(text, helper);
        text.Append("\n## Not implemented\n\n| id | helper | since | program types | |\n|---|---|---|---|---|\n");
        foreach (HelperDescriptor helper in missing)
            Row(text, helper);
        text.Append("\n## Kfuncs\n\n| kfunc | since | program types |\n|---|---|---|\n");
        foreach (KfuncDescriptor kfunc in kfuncs.All)
            text.Append("| ").Append(kfunc.Name).Append(" | ").Append(kfunc.Since).Append(" | ").Append(Types(kfunc.ProgramTypes)).Append(" |\n");
        return text.ToString();
    }

    private static void Row(StringBuilder text, HelperDescriptor helper) => text.Append("| ").Append(helper.Id).Append(" | ").Append(helper.Name).Append(" | ")
        .Append(helper.Since).Append(" | ").Append(Types(helper.ProgramTypes)).Append(" | ").Append(helper.GplOnly ? "GPL" : "")
        .Append(helper.Permit is null ? "" : helper.GplOnly ? ", some attach types" : "some attach types").Append(" |\n");

    private static string Types(ProgramTypeSet types)
    {
        ProgramKind[] kinds = [.. ProgramKinds.All.Where(kind => types.Contains(kind.Type))];
        return kinds.Length == ProgramKinds.All.Count() ? "all" : string.Join(", ", kinds.Select(kind => kind.Name));
    }
}
