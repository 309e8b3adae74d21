using LibbpfSharp.Skeleton.Tasks.Clang;
using LibbpfSharp.Skeleton.Tasks.Diagnostics;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace LibbpfSharp.Skeleton.Tasks;

/// <summary>Links the objects of several sources into one with bpftool, which joins maps, globals and BTF as libbpf's linker does.</summary>
public sealed class LinkBpf : ToolTask
{
    private readonly List<string> _output = [];
    private string _bpftool = "";

    /// <summary>The objects, in the order of the sources.</summary>
    [Required]
    public ITaskItem[] Objects { get; set; } = [];

    /// <summary>The object to write.</summary>
    [Required]
    public string OutputFile { get; set; } = "";

    /// <summary>Path or name of bpftool; empty to search the PATH.</summary>
    public string? Linker { get; set; }

    /// <summary>Whether an editor asks: what is wrong is a warning then, and the last object stays.</summary>
    public bool DesignTime { get; set; }

    /// <inheritdoc/>
    protected override string ToolName => "bpftool";

    /// <inheritdoc/>
    protected override MessageImportance StandardErrorLoggingImportance => MessageImportance.Low;

    /// <inheritdoc/>
    protected override MessageImportance StandardOutputLoggingImportance => MessageImportance.Low;

    /// <inheritdoc/>
    public override bool Execute()
    {
        BuildLog log = new(Log, DesignTime, OutputFile);
        string tool = string.IsNullOrEmpty(Linker) ? "bpftool" : Linker;

        // /usr/sbin is where Debian has bpftool, and is not on the PATH of every user.
        if ((ClangFinder.OnPath(tool) ?? ClangFinder.OnPath("/usr/sbin/" + Path.GetFileName(tool))) is not { } path)
            return log.Error(BuildDiagnostics.NoLinker, $"Several sources are linked by bpftool, and '{tool}' is not there. Install it (Debian: apt-get install bpftool; Ubuntu: linux-tools-common; Fedora: dnf install bpftool; Alpine: apk add bpftool), or name it in the property BpfLinker.");
        _bpftool = path;
        if (base.Execute())
            return true;
        File.Delete(OutputFile);
        return log.Error(BuildDiagnostics.LinkFailed, $"'{_bpftool}' could not link {string.Join(", ", Objects.Select(o => Path.GetFileName(o.ItemSpec)))}: {string.Join(' ', _output)}");
    }

    /// <inheritdoc/>
    protected override string GenerateFullPathToTool() => _bpftool;

    /// <inheritdoc/>
    protected override void LogToolCommand(string message) => Log.LogMessage(MessageImportance.Low, "{0}", message);

    /// <inheritdoc/>
    protected override void LogEventsFromTextOutput(string singleLine, MessageImportance messageImportance)
    {
        lock (_output)
            _output.Add(singleLine);
        Log.LogMessage(MessageImportance.Low, "{0}", singleLine);
    }

    /// <inheritdoc/>
    protected override bool HandleTaskExecutionErrors() => false; // reported by Execute

    /// <inheritdoc/>
    protected override string GenerateCommandLineCommands()
    {
        CommandLineBuilder line = new();
        line.AppendSwitch("gen object");
        line.AppendFileNameIfNotNull(OutputFile);
        line.AppendFileNamesIfNotNull(Objects, " ");
        return line.ToString();
    }
}
