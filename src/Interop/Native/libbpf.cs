using System.Runtime.InteropServices;

namespace LibbpfSharp.Interop;

/// <summary>
/// libbpf 1.x, in its own names: opening, editing and loading an object, and no more. Everything here is exported by
/// 1.0; newer exports are probed by <see cref="LibbpfLibrary.HasExport"/>. Functions that return int give -errno,
/// those that return a pointer give null and errno. Names handed out belong to libbpf and are never freed by us.
/// </summary>
internal static unsafe partial class libbpf
{
    static libbpf() => NativeLibraries.Install();

    [LibraryImport(NativeLibraries.Libbpf)]
    public static partial delegate* unmanaged[Cdecl]<int, byte*, void*, int> libbpf_set_print(delegate* unmanaged[Cdecl]<int, byte*, void*, int> print);

    [LibraryImport(NativeLibraries.Libbpf)]
    public static partial nint bpf_object__open_mem(void* buffer, nuint size, bpf_object_open_opts* opts);

    [LibraryImport(NativeLibraries.Libbpf)]
    public static partial int bpf_object__load(nint obj);

    [LibraryImport(NativeLibraries.Libbpf)]
    public static partial void bpf_object__close(nint obj);

    [LibraryImport(NativeLibraries.Libbpf, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint bpf_object__find_program_by_name(nint obj, string name);

    [LibraryImport(NativeLibraries.Libbpf, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint bpf_object__find_map_by_name(nint obj, string name);

    [LibraryImport(NativeLibraries.Libbpf)]
    public static partial nint bpf_object__next_map(nint obj, nint map);

    [LibraryImport(NativeLibraries.Libbpf)]
    public static partial nint bpf_object__next_program(nint obj, nint program);

    [LibraryImport(NativeLibraries.Libbpf)]
    public static partial byte* bpf_map__name(nint map);

    [LibraryImport(NativeLibraries.Libbpf)]
    public static partial int bpf_map__fd(nint map);

    [LibraryImport(NativeLibraries.Libbpf)]
    public static partial int bpf_map__reuse_fd(nint map, int fd);

    [LibraryImport(NativeLibraries.Libbpf)]
    public static partial int bpf_map__set_autocreate(nint map, byte autocreate);

    [LibraryImport(NativeLibraries.Libbpf)]
    public static partial int bpf_map__set_type(nint map, uint type);

    [LibraryImport(NativeLibraries.Libbpf)]
    public static partial int bpf_map__set_max_entries(nint map, uint maxEntries);

    [LibraryImport(NativeLibraries.Libbpf)]
    public static partial int bpf_map__set_map_flags(nint map, uint flags);

    [LibraryImport(NativeLibraries.Libbpf)]
    public static partial int bpf_map__set_key_size(nint map, uint size);

    [LibraryImport(NativeLibraries.Libbpf)]
    public static partial int bpf_map__set_value_size(nint map, uint size);

    [LibraryImport(NativeLibraries.Libbpf)]
    public static partial int bpf_map__set_map_extra(nint map, ulong extra);

    [LibraryImport(NativeLibraries.Libbpf)]
    public static partial int bpf_map__set_numa_node(nint map, uint node);

    [LibraryImport(NativeLibraries.Libbpf)]
    public static partial int bpf_map__set_initial_value(nint map, void* data, nuint size);

    [LibraryImport(NativeLibraries.Libbpf, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int bpf_map__set_pin_path(nint map, string? path);

    [LibraryImport(NativeLibraries.Libbpf)]
    public static partial byte* bpf_program__name(nint program);

    [LibraryImport(NativeLibraries.Libbpf)]
    public static partial int bpf_program__fd(nint program);

    [LibraryImport(NativeLibraries.Libbpf)]
    public static partial uint bpf_program__type(nint program);

    [LibraryImport(NativeLibraries.Libbpf)]
    public static partial int bpf_program__set_type(nint program, uint type);

    [LibraryImport(NativeLibraries.Libbpf)]
    public static partial uint bpf_program__expected_attach_type(nint program);

    [LibraryImport(NativeLibraries.Libbpf)]
    public static partial int bpf_program__set_expected_attach_type(nint program, uint type);

    [LibraryImport(NativeLibraries.Libbpf)]
    public static partial uint bpf_program__flags(nint program);

    [LibraryImport(NativeLibraries.Libbpf)]
    public static partial int bpf_program__set_flags(nint program, uint flags);

    [LibraryImport(NativeLibraries.Libbpf)]
    public static partial int bpf_program__set_autoload(nint program, byte autoload);

    [LibraryImport(NativeLibraries.Libbpf)]
    public static partial int bpf_program__set_log_level(nint program, uint level);

    [LibraryImport(NativeLibraries.Libbpf, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int bpf_program__set_attach_target(nint program, int programFd, string? function);
}
