using System.Runtime.InteropServices;
using System.Text;
using LibbpfSharp.Interop;
using LibbpfSharp.Maps;
using Microsoft.Extensions.Logging;

namespace LibbpfSharp;

/// <summary>
/// Loads through libbpf, which opens, relocates and loads, and no more: every descriptor it made is duplicated, and its
/// object closed before this returns. Maps, programs and links work the same whoever loaded them.
/// </summary>
internal sealed unsafe class LibbpfLoader : ObjectLoader
{
    private LibbpfLoader()
    {
    }

    public static LibbpfLoader Instance { get; } = new();

    public override BpfLoader Kind => BpfLoader.Libbpf;

    public override BpfObject Load(BpfObjectOpen open, IBpfKernel kernel)
    {
        var said = new LibbpfMessages();
        using LibbpfLog.Scope scope = LibbpfLog.Capture(said.Add);
        ILogger logger = open.Options.Logger ?? BpfLogging.Libbpf;
        nint obj = 0;
        try
        {
            using System.Buffers.MemoryHandle pinned = open.Bytes.Pin();
            obj = OpenObject(open, kernel, pinned.Pointer, said);
            ApplyEdits(obj, open, kernel, said);
            int result = libbpf.bpf_object__load(obj);
            if (result < 0)
                throw said.Explain(result, kernel, $"object '{open.Name}'", "loading through libbpf");
            BpfObject loaded = TakeOver(obj, open, kernel, said);
            said.Forward(logger, failed: false);
            logger.ObjectLoaded(open.Name, kernel.Name, Kind, loaded.Maps.Count, loaded.Programs.Count);
            return loaded;
        }
        catch (BpfException)
        {
            said.Forward(logger, failed: true);
            throw;
        }
        finally
        {
            if (obj != 0)
                libbpf.bpf_object__close(obj);
        }
    }

    private static nint OpenObject(BpfObjectOpen open, IBpfKernel kernel, void* bytes, LibbpfMessages said)
    {
        fixed (byte* name = ToBytes(open.Name), kconfig = ToBytes(open.Options.Kconfig), btf = ToBytes(open.Options.BtfPath), pinRoot = ToBytes(open.Options.PinRoot))
        {
            var opts = new bpf_object_open_opts
            {
                sz = (nuint)sizeof(bpf_object_open_opts),
                object_name = name,
                kconfig = kconfig,
                btf_custom_path = btf,
                pin_root_path = pinRoot,
                kernel_log_level = open.Options.LogLevel,
            };
            Marshal.SetLastSystemError(0);
            nint obj = libbpf.bpf_object__open_mem(bytes, (nuint)open.Bytes.Length, &opts);
            int errno = Marshal.GetLastSystemError();
            return obj != 0 ? obj : throw said.Explain(errno == 0 ? -(int)BpfErrno.EINVAL : -errno, kernel, $"object '{open.Name}'", "opening through libbpf");
        }
    }

    private static void ApplyEdits(nint obj, BpfObjectOpen open, IBpfKernel kernel, LibbpfMessages said)
    {
        foreach (BpfMapDefinition map in open.Maps)
        {
            nint handle = FindMap(obj, map);
            if (handle != 0)
                ApplyEdits(handle, map, kernel, said);
            else if (map.AutoCreate)
                throw new BpfException(BpfErrno.ENOTSUPP, "opening through libbpf", $"map '{map.Name}' of section '{map.SectionName}'", $"libbpf {LibbpfLibrary.Version} does not know such a section: use {nameof(BpfLoader)}.{nameof(BpfLoader.Managed)} or {nameof(BpfLoader.Default)}, or set its AutoCreate to false.");
        }

        foreach (BpfProgramDefinition program in open.Programs)
        {
            nint handle = libbpf.bpf_object__find_program_by_name(obj, program.Name);
            if (handle == 0)
                throw new BpfException(BpfErrno.ENOENT, "finding it in libbpf's object", program.ToString());
            ApplyEdits(handle, program, open.IsLoaded(program), kernel, said);
        }
    }

    private static void ApplyEdits(nint handle, BpfMapDefinition map, IBpfKernel kernel, LibbpfMessages said)
    {
        void Check(int result, string what)
        {
            if (result < 0)
                throw said.Explain(result, kernel, $"map '{map.Name}'", what);
        }

        if (map.AutoCreate != map.Spec.AutoCreate)
            Check(libbpf.bpf_map__set_autocreate(handle, map.AutoCreate ? (byte)1 : (byte)0), "setting autocreate");
        if ((uint)map.Type != map.Spec.Type)
            Check(libbpf.bpf_map__set_type(handle, (uint)map.Type), "setting the type");
        if (map.KeySize != map.Spec.KeySize)
            Check(libbpf.bpf_map__set_key_size(handle, map.KeySize), "setting the key size");
        if (map.ValueSize != map.Spec.ValueSize || map.Spec.EventTypeId != 0) // libbpf takes the type of events for that of values
            Check(libbpf.bpf_map__set_value_size(handle, map.ValueSize), "setting the value size");
        if (map.MaxEntries != map.Spec.MaxEntries)
            Check(libbpf.bpf_map__set_max_entries(handle, map.MaxEntries), "setting max_entries");
        BpfMapFlags flags = MapMaker.EffectiveFlags(map);
        if (map.IsInternal || (uint)flags != map.Spec.Flags)
            Check(libbpf.bpf_map__set_map_flags(handle, (uint)flags), "setting flags");
        if (map.Extra != map.Spec.MapExtra)
            Check(libbpf.bpf_map__set_map_extra(handle, map.Extra), "setting map_extra");
        if (map.NumaNode != map.Spec.NumaNode)
            Check(libbpf.bpf_map__set_numa_node(handle, map.NumaNode), "setting the NUMA node");
        if (map.ReuseMap is { } reused)
        {
            MapCompatibility.Require(map, reused);
            reused.Handle.RequireKernel(kernel);

            // libbpf duplicates the descriptor.
            Check(libbpf.bpf_map__reuse_fd(handle, reused.FileDescriptor), "taking an existing map");
        }

        // libbpf sets the path of a map that is pinned by name itself.
        if (map.PinPath is { } path ? !(map.Spec.PinByName && !map.IsPinPathChanged) : map.Spec.PinByName)
            Check(libbpf.bpf_map__set_pin_path(handle, map.PinPath), "setting the pin path");
        if (map is { IsInternal: true, HasInitialData: true } && map.Spec.Kind != Formats.Objects.BpfMapSpecKind.Kconfig)
        {
            fixed (byte* data = map.Data)
            {
                Check(libbpf.bpf_map__set_initial_value(handle, data, (nuint)map.Data.Length), "setting initial values");
            }
        }
    }

    private static void ApplyEdits(nint handle, BpfProgramDefinition program, bool isLoaded, IBpfKernel kernel, LibbpfMessages said)
    {
        void Check(int result, string what)
        {
            if (result < 0)
                throw said.Explain(result, kernel, program.ToString(), what);
        }

        Check(libbpf.bpf_program__set_autoload(handle, isLoaded ? (byte)1 : (byte)0), "setting autoload");
        if (!isLoaded)
            return;

        // A section name that this libbpf does not know (tcx, netkit, uprobe.multi before 1.3) leaves no type: it is told.
        bool unknown = libbpf.bpf_program__type(handle) == 0 && program.Type != BpfProgramType.Unspec;
        if (unknown || program.IsTypeChanged)
            Check(libbpf.bpf_program__set_type(handle, (uint)program.Type), "setting the type");
        if (unknown || program.IsTypeChanged || program.IsAttachTypeChanged)
            Check(libbpf.bpf_program__set_expected_attach_type(handle, (uint)program.ExpectedAttachType), "setting the attach type");
        if (unknown ? program.Flags != 0 : program.AreFlagsChanged)
            Check(libbpf.bpf_program__set_flags(handle, program.Flags), "setting flags");
        if (program.AttachProgram is { } target)
        {
            target.Handle.RequireKernel(kernel);
            Check(libbpf.bpf_program__set_attach_target(handle, target.FileDescriptor, program.AttachTarget), "setting the attach target");
        }
        else if (program.IsAttachTargetChanged && program.Spec.Section.NeedsAttachBtfId)
        {
            Check(libbpf.bpf_program__set_attach_target(handle, 0, program.AttachTarget), "setting the attach target");
        }

        if (program.IsLogLevelSet)
            Check(libbpf.bpf_program__set_log_level(handle, program.LogLevel), "setting the log level");
    }

    private static BpfObject TakeOver(nint obj, BpfObjectOpen open, IBpfKernel kernel, LibbpfMessages said)
    {
        var maps = new List<(BpfMapDefinition Definition, BpfMap Map)>();
        var programs = new List<BpfProgram>();
        try
        {
            foreach (BpfMapDefinition map in open.Maps)
            {
                nint handle = FindMap(obj, map);
                int fd = handle == 0 ? -1 : libbpf.bpf_map__fd(handle);
                if (fd < 0 || !map.AutoCreate)
                    continue;
                int copy = KernelErrors.Check(kernel.Duplicate(fd), kernel, "duplicating the descriptor", $"map '{map.Name}'");
                maps.Add((map, BpfMap.FromDescriptor(kernel, copy, map.Name)));
            }

            foreach (BpfProgramDefinition program in open.Programs)
            {
                if (!open.IsLoaded(program))
                    continue;
                nint handle = libbpf.bpf_object__find_program_by_name(obj, program.Name);
                int fd = libbpf.bpf_program__fd(handle);
                if (fd < 0)
                    continue;
                int copy = KernelErrors.Check(kernel.Duplicate(fd), kernel, "duplicating the descriptor", program.ToString());
                programs.Add(new BpfProgram(
                    new KernelHandle(kernel, copy, $"program '{program.Name}'"),
                    program.Name,
                    program.SectionName,
                    (BpfProgramType)libbpf.bpf_program__type(handle),
                    (BpfAttachType)libbpf.bpf_program__expected_attach_type(handle),
                    program.AttachTarget,
                    said.VerifierLogOf(program.Name) ?? ""));
            }

            return new BpfObject(open, kernel, BpfLoader.Libbpf, maps, programs);
        }
        catch
        {
            foreach ((_, BpfMap map) in maps)
                map.Dispose();
            foreach (BpfProgram program in programs)
                program.Dispose();
            throw;
        }
    }

    // libbpf finds the maps of data sections by the section's name.
    private static nint FindMap(nint obj, BpfMapDefinition map) =>
        libbpf.bpf_object__find_map_by_name(obj, map is { IsInternal: true } && map.SectionName.StartsWith('.') ? map.SectionName : map.Name);

    private static byte[]? ToBytes(string? text)
    {
        if (text is null)
            return null;
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }
}
