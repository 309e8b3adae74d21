using LibbpfSharp.Skeleton.Tasks.Clang;
using LibbpfSharp.Skeleton.Tasks.Diagnostics;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace LibbpfSharp.Skeleton.Tasks;

/// <summary>
/// Compiles one BPF C source with clang. Where there is no clang with a BPF target, or a header of libbpf or the kernel is
/// not installed, a prebuilt object is taken if the item names one.
/// </summary>
public sealed class CompileBpf : ToolTask
{
    private readonly List<ClangMessage> _messages = [];
    private string _clang = "";
    private TargetArchitecture? _architecture;

    /// <summary>The C source.</summary>
    [Required]
    public ITaskItem Source { get; set; } = null!;

    /// <summary>The object to write.</summary>
    [Required]
    public string ObjectFile { get; set; } = "";

    /// <summary>A file to write with all files that the object depends on, as an MSBuild list.</summary>
    [Required]
    public string HeaderFile { get; set; } = "";

    /// <summary>The project's folder: paths below it get into the object as relative ones.</summary>
    [Required]
    public string ProjectDirectory { get; set; } = "";

    /// <summary>An object to take where the source cannot be compiled for want of clang or headers.</summary>
    public ITaskItem? Prebuilt { get; set; }

    /// <summary>Path or name of clang; empty to search.</summary>
    public string? Clang { get; set; }

    /// <summary>Preprocessor symbols: NAME or NAME=VALUE.</summary>
    public string[]? Defines { get; set; }

    /// <summary>Folders that are searched for headers.</summary>
    public ITaskItem[]? IncludeDirectories { get; set; }

    /// <summary>Further arguments for clang, as on a command line.</summary>
    public string? AdditionalOptions { get; set; }

    /// <summary>The machine: x64, arm64, riscv64, ...; empty for this one.</summary>
    public string? TargetArch { get; set; }

    /// <summary>The instruction set: v1 to v4.</summary>
    public string Cpu { get; set; } = "v3";

    /// <summary>Whether an editor asks: what is wrong is a warning then, and the last object stays.</summary>
    public bool DesignTime { get; set; }

    /// <inheritdoc/>
    protected override string ToolName => "clang";

    /// <inheritdoc/>
    protected override MessageImportance StandardErrorLoggingImportance => MessageImportance.Low;

    /// <inheritdoc/>
    protected override MessageImportance StandardOutputLoggingImportance => MessageImportance.Low;

    private string SourcePath => Source.GetMetadata("FullPath");

    private string SourceFolder => Path.GetDirectoryName(SourcePath)!;

    private string DependencyPath => HeaderFile + ".d";

    /// <inheritdoc/>
    public override bool Execute()
    {
        BuildLog log = new(Log, DesignTime, Source.ItemSpec);
        string architecture = string.IsNullOrEmpty(TargetArch) ? System.Runtime.InteropServices.RuntimeInformation.OSArchitecture.ToString() : TargetArch;
        _architecture = TargetArchitecture.FromName(architecture);
        if (_architecture is null)
            return log.Error(BuildDiagnostics.BadMetadata, $"TargetArch '{architecture}' is not known: x64, arm64, arm, riscv64, s390x, ppc64le, loongarch64 or mips64 is expected.");
        if (!File.Exists(SourcePath))
            return log.Error(BuildDiagnostics.FileMissing, $"The source '{SourcePath}' does not exist.");

        Directory.CreateDirectory(Path.GetDirectoryName(ObjectFile)!);
        if (ClangFinder.Find(Clang, out IReadOnlyList<string> rejected) is not { } clang)
            return TakePrebuilt(log, BuildDiagnostics.NoClang, InstallHints.Clang(rejected));
        _clang = clang;

        bool succeeded = base.Execute();
        foreach (ClangMessage message in _messages.Where(m => m.Kind == ClangMessageKind.Text))
            Log.LogMessage(MessageImportance.Low, "{0}", message.Text);
        if (!succeeded && _messages.Select(m => m.MissingHeader).FirstOrDefault(h => h is not null && InstallHints.IsSystemHeader(h)) is { } header)
        {
            if (!HasPrebuilt)
                Report(log);
            return TakePrebuilt(log, BuildDiagnostics.HeadersMissing, InstallHints.Header(header));
        }

        Report(log);
        if (succeeded && !Log.HasLoggedErrors)
        {
            WriteHeaders([.. DependencyFile.Parse(File.ReadAllText(DependencyPath)).Select(f => Path.GetFullPath(f, SourceFolder)).Where(f => f != SourcePath)]);
            return true;
        }

        // A warning that the project calls an error leaves an object, which must not pass for up to date.
        Discard();
        if (!succeeded && !_messages.Any(m => m.Kind == ClangMessageKind.Error))
            log.Error(BuildDiagnostics.ClangFailed, $"'{_clang}' ended with exit code {ExitCode} and without an error message: {string.Join(' ', _messages.Select(m => m.Text))}");
        return DesignTime && !Log.HasLoggedErrors;
    }

    /// <inheritdoc/>
    protected override string GenerateFullPathToTool() => _clang;

    /// <inheritdoc/>
    protected override string GetWorkingDirectory() => SourceFolder;

    /// <inheritdoc/>
    protected override void LogToolCommand(string message) => Log.LogMessage(MessageImportance.Low, "{0}", message);

    /// <inheritdoc/>
    protected override void LogEventsFromTextOutput(string singleLine, MessageImportance messageImportance)
    {
        if (!string.IsNullOrWhiteSpace(singleLine))
        {
            lock (_messages)
                _messages.Add(ClangMessage.Parse(singleLine));
        }
    }

    /// <inheritdoc/>
    protected override bool HandleTaskExecutionErrors() => false; // what clang said is reported by Execute

    /// <inheritdoc/>
    protected override string GenerateCommandLineCommands()
    {
        CommandLineBuilder line = new();
        line.AppendSwitch("-g -O2 -Wall -target bpf -fno-color-diagnostics");
        line.AppendSwitchIfNotNull("-mcpu=", Cpu);

        // Compiled from the source's folder and by its name, so that no path of this machine gets into the object.
        line.AppendSwitch("-fdebug-compilation-dir=.");
        foreach (string include in Includes())
            line.AppendSwitchIfNotNull("-ffile-prefix-map=", $"{include}={Relative(include)}");
        line.AppendSwitchIfNotNull("-D", "__TARGET_ARCH_" + _architecture!.Define);
        foreach (string define in Defines ?? [])
            line.AppendSwitchIfNotNull("-D", define.Trim());
        foreach (string include in Includes())
            line.AppendSwitchIfNotNull("-I", include);
        foreach (string folder in Multiarch())
            line.AppendSwitchIfNotNull("-idirafter", folder);
        if (!string.IsNullOrWhiteSpace(AdditionalOptions))
            line.AppendSwitch(AdditionalOptions.ReplaceLineEndings(" ").Trim());
        line.AppendSwitchIfNotNull("-MD -MF ", DependencyPath);
        line.AppendSwitchIfNotNull("-o ", Path.GetFullPath(ObjectFile));
        line.AppendSwitchIfNotNull("-c ", Path.GetFileName(SourcePath));
        return line.ToString();
    }

    private bool HasPrebuilt => !string.IsNullOrEmpty(Prebuilt?.ItemSpec);

    private IEnumerable<string> Includes() =>
        (IncludeDirectories ?? []).Select(i => Path.TrimEndingDirectorySeparator(i.GetMetadata("FullPath"))).Distinct(StringComparer.Ordinal);

    private string Relative(string path) => Path.GetRelativePath(SourceFolder, path).Replace('\\', '/');

    // Debian and Ubuntu keep asm/types.h in a folder by architecture, which clang does not search for the bpf target.
    private IEnumerable<string> Multiarch()
    {
        string? host = TargetArchitecture.FromName(System.Runtime.InteropServices.RuntimeInformation.OSArchitecture.ToString())?.Multiarch;
        return new[] { _architecture!.Multiarch, host }.Where(n => n is not null).Select(n => $"/usr/include/{n}").Where(Directory.Exists).Take(1);
    }

    private bool TakePrebuilt(BuildLog log, string id, string why)
    {
        if (!HasPrebuilt)
        {
            Discard();
            return log.Error(id, $"{why} Or name a prebuilt object in the item's metadata Prebuilt.");
        }

        string path = Prebuilt!.GetMetadata("FullPath");
        if (!File.Exists(path))
        {
            Discard();
            return log.Error(BuildDiagnostics.FileMissing, $"The prebuilt object '{path}' does not exist, and the source cannot be compiled: {why}");
        }

        Log.LogMessage(MessageImportance.Normal, "{0}: the prebuilt object {1} is taken. {2}", Source.ItemSpec, path, why);
        File.Copy(path, ObjectFile, overwrite: true);
        File.SetLastWriteTimeUtc(ObjectFile, DateTime.UtcNow);
        WriteHeaders([path]);
        return true;
    }

    private void WriteHeaders(string[] files)
    {
        File.WriteAllText(HeaderFile, string.Join(';', files.Select(BuildList.Escape)));
        File.Delete(DependencyPath);
    }

    private void Discard()
    {
        if (!DesignTime)
            File.Delete(ObjectFile);
        File.Delete(DependencyPath);
    }

    private void Report(BuildLog log)
    {
        foreach (ClangMessage message in _messages)
        {
            string file = message.File is null ? SourcePath : Path.GetFullPath(message.File, SourceFolder);
            switch (message.Kind)
            {
                case ClangMessageKind.Error:
                    log.ErrorAt(BuildDiagnostics.ClangError, file, message.Line, message.Column, message.Text);
                    if (message.MissingHeader is { } header && InstallHints.Header(header) is { Length: > 0 } hint && !InstallHints.IsSystemHeader(header))
                        Log.LogMessage(MessageImportance.High, "{0}", hint);
                    break;
                case ClangMessageKind.Warning:
                    Log.LogWarning(null, BuildDiagnostics.ClangWarning, null, file, message.Line, message.Column, 0, 0, "{0}", message.Text);
                    break;
                case ClangMessageKind.Note:
                    Log.LogMessage(MessageImportance.High, "{0}({1},{2}): note: {3}", file, message.Line, message.Column, message.Text);
                    break;
                default:
                    break;
            }
        }
    }
}
