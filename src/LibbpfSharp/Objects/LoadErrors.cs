using LibbpfSharp.Formats;
using LibbpfSharp.Formats.Objects;
using LibbpfSharp.Interop;
using LibbpfSharp.Maps;

namespace LibbpfSharp;

/// <summary>What the object and the kernel's version add to a refusal: the C line, the feature that is too young.</summary>
internal static class LoadErrors
{
    /// <summary>The error that says more, or null if there is no more to say.</summary>
    public static BpfException? Explain(BpfException error, BpfObjectOpen open, IBpfKernel kernel, BpfLoader loader)
    {
        if (error is BpfVerifierException refused)
            return WithPlace(refused, open);
        if (error.GetType() != typeof(BpfException) || error.Errno is not (BpfErrno.EINVAL or BpfErrno.E2BIG or BpfErrno.ENOTSUPP))
            return null;
        if (TooYoung(open, kernel, error.Errno) is { } missing)
            return missing;
        if (loader != BpfLoader.Libbpf)
            return null;
        const string Other = $"use {nameof(BpfLoader)}.{nameof(BpfLoader.Managed)} or {nameof(BpfLoader.Default)}";
        string? cause = LoaderChooser.WhatIsTooNew(open, LibbpfLibrary.Version!) is { } feature ? $"libbpf {LibbpfLibrary.Version} does not know {feature}: {Other}."
            : LoaderChooser.LacksConfiguration(open, kernel) ? $"The kernel's configuration is neither at /boot/config-{kernel.Facts.ReleaseText} nor in /proc/config.gz, and libbpf insists on it: {Other}, which take the values from {nameof(BpfObjectOptions)}.{nameof(BpfObjectOptions.Kconfig)}."
            : null;
        return cause is null ? null : new BpfException(error.Errno, error.Operation, error.Subject, $"{cause} {error.Remedy}".TrimEnd(), error);
    }

    // Linux before 6.9 writes the text of a C line without its place, and none for a program loaded without BTF.
    private static BpfVerifierException? WithPlace(BpfVerifierException refused, BpfObjectOpen open)
    {
        if (refused.Report is not { SourceFile: null, FailingInstruction: { } instruction } report || open.File.Btf is not { } btf)
            return null;
        BpfProgramSpec? program = open.File.Programs.FirstOrDefault(p => p.Name == refused.Program);
        if (program is null || BpfProgramLinker.Link(program).GetLineAt(instruction) is not { } line)
            return null;
        string text = btf.GetString(line.LineOffset).Trim();
        return refused.With(report with
        {
            SourceText = report.SourceText ?? (text.Length == 0 ? null : text),
            SourceFile = btf.GetString(line.FileNameOffset),
            SourceLine = line.Line,
        });
    }

    private static BpfUnsupportedFeatureException? TooYoung(BpfObjectOpen open, IBpfKernel kernel, BpfErrno errno)
    {
        foreach (BpfMapDefinition map in open.Maps)
        {
            if (map is { AutoCreate: true, ReuseMap: null } && MapErrors.TooYoung(kernel, map.Type, MapMaker.EffectiveFlags(map), $"map '{map.Name}'", errno) is { } tooYoung)
                return tooYoung;
        }

        foreach (BpfProgramDefinition program in open.Programs)
        {
            if (!open.IsLoaded(program))
                continue;
            uint type = (uint)program.Type, attachType = (uint)program.ExpectedAttachType;
            if ((KernelErrors.TooOld(kernel, KernelVersions.OfProgramType(type), $"program type {BpfTypeNames.GetProgramType(type)}", program.ToString(), errno)
                ?? KernelErrors.TooOld(kernel, KernelVersions.OfAttachType(attachType), $"attach type {BpfTypeNames.GetAttachType(attachType)}", program.ToString(), errno)) is { } missing)
                return missing;
        }

        return null;
    }
}
