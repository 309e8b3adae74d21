using System.Text;
using System.Text.RegularExpressions;
using LibbpfSharp.Formats;
using LibbpfSharp.Skeleton.Diagnostics;
using LibbpfSharp.Skeleton.Tasks.Diagnostics;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace LibbpfSharp.Skeleton.Tasks;

/// <summary>Generates the class of one object file.</summary>
public sealed partial class GenerateBpfSkeleton : Microsoft.Build.Utilities.Task
{
    /// <summary>The item, for messages.</summary>
    [Required]
    public ITaskItem Item { get; set; } = null!;

    /// <summary>The object.</summary>
    [Required]
    public string ObjectFile { get; set; } = "";

    /// <summary>The C# source to write. Written only if it changes, so that the compiler does not run for nothing.</summary>
    [Required]
    public string CodeFile { get; set; } = "";

    /// <summary>An empty file that is written when the C# source is up to date.</summary>
    [Required]
    public string StampFile { get; set; } = "";

    /// <summary>Name of the object, after which the class is named.</summary>
    [Required]
    public string ObjectName { get; set; } = "";

    /// <summary>Namespace; characters that C# does not allow become underscores.</summary>
    public string Namespace { get; set; } = "";

    /// <summary>Name of the class; empty for the object's in PascalCase.</summary>
    public string? ClassName { get; set; }

    /// <summary>"internal" or "public".</summary>
    public string Accessibility { get; set; } = "internal";

    /// <summary>Names of further types.</summary>
    public string[]? ExtraTypes { get; set; }

    /// <summary>"Data": the class contains the object. "File": it reads it from the program's folder when it is opened.</summary>
    public string Embed { get; set; } = "Data";

    /// <summary>Types of the records of ring buffers and perf event arrays: MAP=TYPE.</summary>
    public string[]? EventTypes { get; set; }

    /// <summary>Whether an editor asks: what is wrong is a warning then, and the last source stays.</summary>
    public bool DesignTime { get; set; }

    /// <inheritdoc/>
    public override bool Execute()
    {
        BuildLog log = new(Log, DesignTime, Item.ItemSpec);
        if (Accessibility is not ("internal" or "public"))
            return log.Error(BuildDiagnostics.BadMetadata, $"Accessibility '{Accessibility}' is not known: internal or public is expected.");
        if (!File.Exists(ObjectFile))
            return log.Error(BuildDiagnostics.FileMissing, $"The object '{ObjectFile}' does not exist.");

        Dictionary<string, string> events = new(StringComparer.Ordinal);
        foreach (string pair in EventTypes ?? [])
        {
            if (pair.Split('=', 2, StringSplitOptions.TrimEntries) is not [{ Length: > 0 } map, { Length: > 0 } type])
                return log.Error(BuildDiagnostics.BadMetadata, $"EventTypes '{pair}' is not understood: MAP=TYPE is expected, as in \"events=struct event\".");
            events[map] = type;
        }

        SkeletonResult result;
        string space = NotOfIdentifiers().Replace(Namespace, "_");
        try
        {
            result = SkeletonGenerator.Generate(File.ReadAllBytes(ObjectFile), new SkeletonOptions
            {
                ObjectName = ObjectName,
                Namespace = space,
                ClassName = string.IsNullOrEmpty(ClassName) ? null : ClassName,
                IsPublic = Accessibility == "public",
                ExtraTypes = ExtraTypes ?? [],
                EventTypes = events,
                ObjectPath = Embed == "File" ? ObjectName + ".bpf.o" : null,
            });
        }
        catch (SkeletonException e)
        {
            return log.Error(e.Diagnostic.Id, e.Diagnostic.Message);
        }
        catch (BpfObjectFormatException e)
        {
            return log.Error(BuildDiagnostics.BadObject, $"The object '{ObjectFile}' cannot be read: {e.Message}");
        }

        foreach (SkeletonDiagnostic warning in result.Diagnostics)
            log.Warning(warning.Id, warning.Message);
        if (space.Split('.')[0] == result.ClassName)
            log.Warning(BuildDiagnostics.ClassHidden, $"The class {result.ClassName} is in the namespace {space}, whose name hides it outside of it. Set the item's metadata ClassName or Namespace.");
        if (Log.HasLoggedErrors)
            return false;

        Directory.CreateDirectory(Path.GetDirectoryName(CodeFile)!);
        if (!File.Exists(CodeFile) || File.ReadAllText(CodeFile) != result.Code)
            File.WriteAllText(CodeFile, result.Code, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        File.WriteAllText(StampFile, "");
        File.SetLastWriteTimeUtc(StampFile, DateTime.UtcNow);
        return true;
    }

    [GeneratedRegex(@"[^\w.]|(?<=^|\.)(?=\d)", RegexOptions.CultureInvariant)]
    private static partial Regex NotOfIdentifiers();
}
