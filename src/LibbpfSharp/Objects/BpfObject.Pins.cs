using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.Objects;
using LibbpfSharp.Interop;
using LibbpfSharp.Maps;

namespace LibbpfSharp;

/// <content>All of an object pinned in a directory, and opened from there. The names are libbpf's (bpf_object__pin).</content>
public sealed partial class BpfObject
{
    /// <summary>
    /// Pins maps and programs in a directory, under their names in which '_' stands for '.': they then outlive this process.
    /// Maps that are pinned by their definition stay where they are.
    /// </summary>
    /// <param name="directory">A directory in bpffs (on the emulator any path); it is made if it is missing.</param>
    /// <exception cref="BpfException">The kernel refused, for instance because a pin exists (EEXIST); what this call pinned is unpinned again.</exception>
    public void Pin(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        int made = Kernel.CreateDirectory(directory);
        if (made < 0 && made != -(int)BpfErrno.EEXIST)
            KernelErrors.Throw(made, Kernel, $"making the directory '{directory}'", ToString(), Kernel.Facts.FindMount("bpf") is null ? "No bpffs is mounted: mount -t bpf bpf /sys/fs/bpf" : null);
        List<string> pinned = [];
        try
        {
            foreach ((string path, KernelHandle handle, string subject) in Pinnable(directory))
            {
                KernelPins.Pin(handle, path, subject);
                pinned.Add(path);
            }
        }
        catch
        {
            foreach (string path in pinned)
                Kernel.RemovePath(path);
            if (made >= 0)
                Kernel.RemovePath(directory);
            throw;
        }
    }

    /// <summary>Removes the pins of <see cref="Pin"/>, and the directory if nothing else is in it.</summary>
    /// <param name="directory">The directory.</param>
    /// <exception cref="BpfException">A pin cannot be removed; one that is missing is no error.</exception>
    public void Unpin(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        foreach ((string path, _, string subject) in Pinnable(directory))
        {
            int result = Kernel.RemovePath(path);
            if (result < 0 && result != -(int)BpfErrno.ENOENT)
                KernelErrors.Throw(result, Kernel, $"removing the pin '{path}'", subject);
        }

        Kernel.RemovePath(directory); // stays if it is not empty
    }

    /// <summary>
    /// Opens an object that was pinned by <see cref="Pin"/>, libbpf or bpftool (<c>bpftool prog loadall OBJ DIR pinmaps DIR</c>). Every
    /// map must be there and be laid out as in the file: kind, sizes, and the types in its BTF. Programs that are not pinned are missing in
    /// <see cref="Programs"/>.
    /// </summary>
    /// <param name="file">The object file that it was loaded from, or one that agrees with it.</param>
    /// <param name="directory">The directory.</param>
    /// <param name="options">Name and kernel; null for the defaults. The name is that it was loaded with: it is part of the names of its data sections' pins.</param>
    /// <returns>The object, whose <see cref="Loader"/> is <see cref="BpfLoader.Default"/>; its disposal leaves the pins.</returns>
    /// <exception cref="BpfException">A map is not pinned there, or a pin cannot be opened.</exception>
    /// <exception cref="BpfSkeletonMismatchException">Maps or programs are not what the file says.</exception>
    /// <exception cref="Formats.BpfObjectFormatException">The file is malformed.</exception>
    public static BpfObject OpenPinned(ReadOnlyMemory<byte> file, string directory, BpfObjectOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        BpfObjectOpen open = Open(file, options);
        IBpfKernel kernel = open.Options.Kernel ?? BpfKernel.Default;
        List<(BpfMapDefinition, BpfMap)> maps = [];
        List<BpfProgram> programs = [];
        try
        {
            List<string> differences = [];
            foreach (BpfMapDefinition definition in open.Maps)
            {
                string path = definition.PinPath ?? PathOf(directory, definition.Name);
                BpfMap map = OpenMap(kernel, definition, path);
                maps.Add((definition, map));
                differences.AddRange(Differences(open.File, definition, map));
            }

            foreach (BpfProgramDefinition definition in open.Programs)
            {
                if (OpenProgram(kernel, definition, PathOf(directory, definition.Name), differences) is { } program)
                    programs.Add(program);
            }

            if (differences.Count > 0)
                throw new BpfSkeletonMismatchException($"what is pinned in '{directory}'", differences);
            open.Dispose();
            return new BpfObject(open, kernel, BpfLoader.Default, maps, programs);
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

    /// <summary>Where something of that name is pinned. bpffs takes no dots.</summary>
    internal static string PathOf(string directory, string name) => $"{directory.TrimEnd('/')}/{name.Replace('.', '_')}";

    private IEnumerable<(string Path, KernelHandle Handle, string Subject)> Pinnable(string directory)
    {
        foreach (BpfMapDefinition definition in _open.Maps)
        {
            if (definition.PinPath is null && Maps.TryGet(definition.Name, out BpfMap? map))
                yield return (PathOf(directory, definition.Name), map.Handle, map.Subject);
        }

        foreach (BpfProgram program in Programs)
            yield return (PathOf(directory, program.Name), program.Handle, program.Subject);
    }

    private static BpfMap OpenMap(IBpfKernel kernel, BpfMapDefinition definition, string path)
    {
        if (!KernelPins.TryOpen(kernel, path, KernelObjectKind.Map, out int fd))
            throw new BpfException(BpfErrno.ENOENT, $"opening the pin '{path}'", $"map '{definition.Name}'", "Every map of the object must be pinned: pin it with Pin(directory) while it is loaded.");
        return BpfMap.FromDescriptor(kernel, fd, definition.Name);
    }

    private static BpfProgram? OpenProgram(IBpfKernel kernel, BpfProgramDefinition definition, string path, List<string> differences)
    {
        if (!KernelPins.TryOpen(kernel, path, KernelObjectKind.Program, out int fd))
            return null;
        BpfProgram program = new(new KernelHandle(kernel, fd, $"program '{definition.Name}'"), definition.Name, definition.SectionName, definition.Type, definition.ExpectedAttachType, definition.AttachTarget);
        try
        {
            BpfProgramType type = program.GetInfo().Type;
            if (type != definition.Type)
                differences.Add($"program '{definition.Name}' is of type {type}, not {definition.Type}");
            return program;
        }
        catch
        {
            program.Dispose();
            throw;
        }
    }

    private static List<string> Differences(BpfObjectFile file, BpfMapDefinition definition, BpfMap map)
    {
        // A map may have been given another capacity before load, and a data section may have grown.
        string subject = $"map '{definition.Name}'";
        bool structOps = definition.Spec.Kind == BpfMapSpecKind.StructOps; // whose values are as large as the kernel's struct
        List<string> differences = [];
        if (map.Type != definition.Type)
            differences.Add($"{subject} is of type {map.Type}, not {definition.Type}");
        if (map.KeySize != definition.KeySize && !structOps)
            differences.Add($"{subject} has keys of {map.KeySize} bytes, not {definition.KeySize}");
        if (definition.IsInternal ? map.ValueSize < definition.ValueSize : map.ValueSize != definition.ValueSize && !structOps)
            differences.Add($"{subject} has values of {map.ValueSize} bytes, not {definition.ValueSize}");
        (uint id, uint keyType, uint valueType) = map.BtfIds;
        if (differences.Count > 0 || id == 0 || file.GetLoadableBtf() is not { } wanted || MapBtf.Read(map.Kernel, id) is not { } actual)
            return differences;
        Compare(definition.Spec.KeyTypeId, keyType, "key");
        Compare(definition.Spec.ValueTypeId, valueType, "value");
        return differences;

        void Compare(uint expected, uint found, string what)
        {
            if (expected != 0 && found != 0)
                differences.AddRange(BpfObjectShape.Compare(BpfObjectShape.DescribeType(wanted, expected, what), BpfObjectShape.DescribeType(actual, found, what)).Select(d => $"{subject}: {d}"));
        }
    }
}
