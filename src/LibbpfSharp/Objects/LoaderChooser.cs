using LibbpfSharp.Formats.Objects;
using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>Decides which loader an object goes through.</summary>
internal static class LoaderChooser
{
    private static int s_saidMissing;

    public static ObjectLoader Choose(BpfObjectOpen open, IBpfKernel kernel)
    {
        switch (open.Options.Loader)
        {
            case BpfLoader.Managed:
                return ManagedLoader.Instance;
            case BpfLoader.Libbpf:
                if (kernel.IsEmulated)
                    throw new ArgumentException($"libbpf loads into Linux only, and object '{open.Name}' is to be loaded into {kernel.Name}: use {nameof(BpfLoader)}.{nameof(BpfLoader.Managed)} or {nameof(BpfLoader.Default)}.");
                if (!LibbpfLibrary.IsSupported)
                    throw new BpfException(BpfErrno.ENOENT, "loading through libbpf", $"object '{open.Name}'", LibbpfLibrary.NotSupportedReason);
                if (open.Maps.FirstOrDefault(HasNewCallback) is { } changed)
                    throw new BpfException(BpfErrno.ENOTSUPP, "loading through libbpf", $"struct_ops '{changed.Name}'", $"A program is a callback that it is not in the file, and libbpf goes by the file: use {nameof(BpfLoader)}.{nameof(BpfLoader.Managed)} or {nameof(BpfLoader.Default)}.");
                return LibbpfLoader.Instance;
            default:
                break;
        }

        if (kernel.IsEmulated)
            return ManagedLoader.Instance;
        if (!LibbpfLibrary.IsSupported)
        {
            if (Interlocked.Exchange(ref s_saidMissing, 1) == 0)
                (open.Options.Logger ?? BpfLogging.Objects).LibbpfMissing(LibbpfLibrary.NotSupportedReason!);
            return ManagedLoader.Instance;
        }

        if (WhatIsTooNew(open, LibbpfLibrary.Version!) is { } feature)
        {
            (open.Options.Logger ?? BpfLogging.Objects).ObjectDebug(open.Name, $"libbpf {LibbpfLibrary.Version} does not know {feature}; the managed loader does");
            return ManagedLoader.Instance;
        }

        if (LacksConfiguration(open, kernel))
        {
            (open.Options.Logger ?? BpfLogging.Objects).ObjectDebug(open.Name, "libbpf loads no object with values of the kernel's configuration where that cannot be read; the managed loader takes them from the options, and zero for those that are weak");
            return ManagedLoader.Instance;
        }

        return open.Maps.Any(HasNewCallback) ? ManagedLoader.Instance : LibbpfLoader.Instance;
    }

    private static bool HasNewCallback(BpfMapDefinition map) => map.Spec.Kind == BpfMapSpecKind.StructOps && map.HasNewStructOpsProgram;

    /// <summary>Whether an object asks for values of a configuration that this host does not show (/boot/config-RELEASE, /proc/config.gz).</summary>
    internal static bool LacksConfiguration(BpfObjectOpen open, IBpfKernel kernel) =>
        open.File.Externs.Any(e => e.Kind == BpfExternKind.Kconfig && e.Name.StartsWith("CONFIG_", StringComparison.Ordinal)) && kernel.Facts.ReadConfig() is null;

    /// <summary>What an object uses that a version of libbpf does not know, or null.</summary>
    internal static string? WhatIsTooNew(BpfObjectOpen open, Version libbpf)
    {
        var found = new List<string>();
        void Unless(bool known, string feature)
        {
            if (!known && !found.Contains(feature))
                found.Add(feature);
        }

        Unless(libbpf >= new Version(1, 3) || !open.File.Programs.Any(p => p.ExceptionCallback is not null), "exception callbacks (1.3)");
        foreach (BpfMapSpec map in open.File.Maps)
        {
            if (map.Kind == BpfMapSpecKind.StructOps)
            {
                Unless(libbpf >= new Version(1, 2) || !map.SectionName.EndsWith(".link", StringComparison.Ordinal), "struct_ops with links (1.2)");
                Unless(libbpf >= new Version(1, 4) || !map.SectionName.StartsWith('?'), "optional struct_ops (1.4)");
            }

            Unless(libbpf >= new Version(1, 7) || map.Kind != BpfMapSpecKind.Bss || map.SectionName == ".bss", "sections of zeroed data with a name of their own (1.7)");
            Unless(libbpf >= new Version(1, 4) || map.Type != (uint)BpfMapType.Arena, "arenas (1.4)");
        }

        return found.Count == 0 ? null : string.Join(", ", found);
    }
}
