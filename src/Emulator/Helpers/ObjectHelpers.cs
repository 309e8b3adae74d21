using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.Emulator.ArgumentKind;
using static LibbpfSharp.Emulator.HelperArguments;
using static LibbpfSharp.Emulator.ProgramTypeSets;

namespace LibbpfSharp.Emulator;

/// <summary>Helpers over objects of the kernel: pointers in map values, per-CPU objects.</summary>
internal static unsafe class ObjectHelpers
{
    public static void Declare(HelperTable table)
    {
        table.Add(BpfHelperId.KptrXchg, "5.19", ProgramTypeSet.All, ReturnKind.ObjectOrNull, [ArgumentKind.Object, ArgumentKind.ObjectOrNull], &Exchange);
        table.Add(BpfHelperId.PerCpuPtr, "5.10", ProgramTypeSet.All, ReturnKind.MemoryOrNull, [ArgumentKind.Object, Anything], &PerCpu);
        table.Add(BpfHelperId.ThisCpuPtr, "5.10", ProgramTypeSet.All, ReturnKind.Object, [ArgumentKind.Object], &ThisCpu);
        table.Add(BpfHelperId.SysBpf, "5.14", Syscall, ReturnKind.Integer, [Anything, Memory, Size], &SystemCall);
        table.Add(BpfHelperId.SysClose, "5.14", Syscall, ReturnKind.Integer, [Anything], &Close);
        table.Add(BpfHelperId.BtfFindByNameKind, "5.14", Syscall, ReturnKind.Integer, [Memory, Size, Anything, Anything], &FindType);
        table.Add(BpfHelperId.KallsymsLookupName, "5.16", Syscall, ReturnKind.Integer, [Memory, SizeOrZero, Anything, ArgumentKind.Object], &FindSymbol);
    }

    private static ulong Exchange(RunContext run, ulong field, ulong pointer, ulong r3, ulong r4, ulong r5)
    {
        if (!run.TryFindField(field, MapFieldKind.PerCpuKernelPointer, out OwnedField kptr))
            kptr = run.FieldAt(field, MapFieldKind.ReferencedKernelPointer);
        ulong* slot = (ulong*)kptr.Native;
        ulong number = 0;
        if (pointer != 0)
        {
            if (!run.TryRelease(HeldKind.Object, pointer, out HeldResource given) || given.Object is not GuestObject item)
            {
                RunContext.Fault(BpfFaultKind.UnbalancedReference, $"bpf_kptr_xchg was given 0x{pointer:x}, which is no object that the program owns.");
                return 0;
            }

            if (item is AllocatedObject made && made.IsPerCpu != (kptr.Field.Kind == MapFieldKind.PerCpuKernelPointer))
                RunContext.FaultArgument($"The kptr does not take {item.Description}.");
            number = run.Kernel.Objects.Add(item);
        }

        ulong before = Interlocked.Exchange(ref *slot, number);
        if (before == 0 || run.Kernel.Objects.Take(before) is not { } old)
            return 0;
        return Own(run, old);
    }

    /// <summary>Gives a program an object that it must release.</summary>
    public static ulong Own(RunContext run, GuestObject item)
    {
        ulong address = item.Address(run);
        run.Hold(new HeldResource(HeldKind.Object, address, item.Description, item, static (_, held) => ((GuestObject)held.Object!).Release()));
        return address;
    }

    private static ulong PerCpu(RunContext run, ulong pointer, ulong cpu, ulong r3, ulong r4, ulong r5)
    {
        int slot = run.Kernel.Machine.SlotOf((int)cpu);
        return slot < 0 ? 0 : PerCpuOf(run, pointer).Address(run, slot);
    }

    private static ulong ThisCpu(RunContext run, ulong pointer, ulong r2, ulong r3, ulong r4, ulong r5) => PerCpuOf(run, pointer).Address(run, run.Cpu);

    private static AllocatedObject PerCpuOf(RunContext run, ulong pointer)
    {
        if (run.OwnerOf(pointer) is AllocatedObject { IsPerCpu: true } item)
            return item;
        RunContext.FaultArgument($"A per-CPU object was expected but 0x{pointer:x} is none.");
        return null!;
    }

    private static ulong SystemCall(RunContext run, ulong command, ulong attributes, ulong size, ulong r4, ulong r5)
    {
        ReadOnlySpan<byte> given = run.ReadSpan(attributes, size);
        if ((Interop.BpfCommand)(uint)command is not (Interop.BpfCommand.MapCreate or Interop.BpfCommand.MapDeleteElem or Interop.BpfCommand.MapUpdateElem
            or Interop.BpfCommand.MapFreeze or Interop.BpfCommand.MapGetFdById or Interop.BpfCommand.ProgLoad or Interop.BpfCommand.BtfLoad
            or Interop.BpfCommand.LinkCreate or Interop.BpfCommand.RawTracepointOpen))
            return Error(Errno.EINVAL);

        // Addresses in the attributes are the program's, which the commands could not follow safely: keys and values of maps are translated.
        Interop.BpfAttr attr = default;
        given[..Math.Min(given.Length, (int)Interop.BpfAttr.ByteSize)].CopyTo(new Span<byte>(&attr, (int)Interop.BpfAttr.ByteSize));
        switch ((Interop.BpfCommand)(uint)command)
        {
            case Interop.BpfCommand.MapUpdateElem or Interop.BpfCommand.MapDeleteElem:
                if (run.Kernel.FindFile((int)attr.map_elem.map_fd)?.Object is EmulatedMap map)
                {
                    attr.map_elem.key = attr.map_elem.key == 0 ? 0 : (ulong)run.Read(attr.map_elem.key, map.KeySize);
                    if ((Interop.BpfCommand)(uint)command == Interop.BpfCommand.MapUpdateElem && attr.map_elem.value != 0)
                        attr.map_elem.value = (ulong)run.Read(attr.map_elem.value, map.SyscallValueSize);
                }

                break;
            case Interop.BpfCommand.MapCreate or Interop.BpfCommand.MapFreeze or Interop.BpfCommand.MapGetFdById:
                break;
            default:
                return Error(Errno.EOPNOTSUPP);
        }

        return (ulong)(long)run.Kernel.Bpf((Interop.BpfCommand)(uint)command, ref attr, (uint)Math.Min(given.Length, (int)Interop.BpfAttr.ByteSize));
    }

    private static ulong Close(RunContext run, ulong fd, ulong r2, ulong r3, ulong r4, ulong r5) => (ulong)(long)run.Kernel.Close((int)fd);

    private static ulong FindType(RunContext run, ulong name, ulong size, ulong kind, ulong flags, ulong r5)
    {
        ReadOnlySpan<byte> text = run.ReadSpan(name, size);
        if (flags != 0 || text.Length <= 1 || text[^1] != 0)
            return Error(Errno.EINVAL);
        return run.Kernel.KernelTypes.Btf is { } btf && btf.TryFindByName(text[..text.IndexOf((byte)0)], (Formats.Btf.BtfKind)(uint)kind, out uint id)
            ? id
            : Error(Errno.ENOENT);
    }

    private static ulong FindSymbol(RunContext run, ulong name, ulong size, ulong flags, ulong result, ulong r5)
    {
        ulong* target = (ulong*)run.Write(result, sizeof(ulong));
        *target = 0;
        ReadOnlySpan<byte> text = run.ReadSpan(name, size);
        if (flags != 0 || text.Length <= 1 || text[^1] != 0)
            return Error(Errno.EINVAL);
        string wanted = System.Text.Encoding.UTF8.GetString(text[..text.IndexOf((byte)0)]);
        foreach (Interop.KernelSymbol symbol in run.Kernel.Machine.ReadSymbols())
        {
            if (symbol.Name == wanted)
            {
                *target = symbol.Address;
                return 0;
            }
        }

        return Error(Errno.ENOENT);
    }
}
