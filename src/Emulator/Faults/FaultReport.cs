using LibbpfSharp.Formats.Instructions;

namespace LibbpfSharp.Emulator;

/// <summary>Finds the words for a fault: what the address points into, which instruction, which C line.</summary>
internal static unsafe class FaultReport
{
    private const ulong PageSize = 4096;
    private const ulong FirstErrorPointer = unchecked(0 - PageSize);

    /// <summary>The fault of an access that is not allowed.</summary>
    public static BpfFaultException Access(RunContext run, ulong address, ulong size, bool write)
    {
        (BpfFaultKind kind, string message) = Classify(run, address, size, write);
        return new BpfFaultException(kind, message) { Address = address, AccessSize = (int)Math.Min(size, int.MaxValue), IsWrite = write };
    }

    /// <summary>All that is known of a fault, while the frames are still there.</summary>
    public static BpfProgramFault Describe(RunContext run, BpfFaultException fault)
    {
        int depth = run.Depth;
        ProgramCode code = run.Program.Code;

        // What is found wrong after the end is wrong at the exit.
        int slot = SlotOf(code, run.Frames + Math.Max(depth, 0));
        SourceLine line = slot >= 0 ? code.Lines.Find(slot) : default;
        (string region, long offset, long length) = fault.AccessSize > 0 ? Locate(run, fault.Address) : ("", 0, 0);
        return new BpfProgramFault
        {
            Kind = fault.Kind,
            Message = fault.Message,
            Program = run.Program.Name,
            ProgramId = run.Program.Id,
            Function = slot >= 0 ? code.FunctionAt(slot).Name : "",
            InstructionIndex = slot,
            Instruction = slot >= 0 ? Disassemble(code, slot) : "",
            File = line.File ?? "",
            Line = line.Line,
            Column = line.Column,
            SourceText = line.Text ?? "",
            Address = fault.Address,
            AccessSize = fault.AccessSize,
            IsWrite = fault.IsWrite,
            Region = region,
            RegionOffset = offset,
            RegionLength = length,
            Registers = run.Diagnosis is not null && depth >= 0 ? new ReadOnlySpan<ulong>(run.Frames[depth].Registers, 11).ToArray() : [],
            History = run.Diagnosis?.History ?? [],
            CallStack = CallStack(run),
        };
    }

    /// <summary>The instruction as text.</summary>
    public static string Disassemble(ProgramCode code, int slot)
    {
        BpfInstruction instruction = code.Instructions[slot];
        BpfInstruction next = slot + 1 < code.Instructions.Length ? code.Instructions[slot + 1] : default;
        return BpfDisassembler.Format(instruction, next);
    }

    /// <summary>What a region is, for messages.</summary>
    public static string Name(RunContext run, int region, RegionKind kind) => kind switch
    {
        RegionKind.Context => $"the {run.Program.Kind.Name} context",
        RegionKind.Packet => "the packet",
        RegionKind.Stack => StackName(run, region - RegionLayout.Stack),
        RegionKind.Map => run.Memory.OwnerOf(region) is EmulatedMap map ? map.Description : "a map",
        RegionKind.MapValue => run.Memory.OwnerOf(region) is EmulatedMap map ? $"a value of {map.Description}" : "a map value",
        RegionKind.MapKey => run.Memory.OwnerOf(region) is EmulatedMap map ? $"a key of {map.Description}" : "a map key",
        RegionKind.Function => "a function",
        RegionKind.RingBufferRecord => "a ring buffer record",
        RegionKind.Slice => "a dynptr slice",
        RegionKind.KernelObject => run.Memory.OwnerOf(region) is { } owner ? $"{owner}" : "a kernel object",
        RegionKind.Arena => "the arena",
        RegionKind.Memory => "memory from a helper",
        _ => "",
    };

    private static string StackName(RunContext run, int depth)
    {
        if (depth < 0 || depth > run.Depth)
            return "the stack";
        ProgramFunction[] functions = run.Program.Code.Functions;
        int function = run.Frames[depth].Function;
        return function < functions.Length ? $"the stack of {functions[function].Name}" : "the stack";
    }

    private static (BpfFaultKind Kind, string Message) Classify(RunContext run, ulong address, ulong size, bool write)
    {
        string access = write ? "writes" : "reads";
        if (address < PageSize)
            return (BpfFaultKind.NullPointer, $"The program {access} through NULL (offset {address}); test the pointer first.");
        if (address >= FirstErrorPointer)
            return (BpfFaultKind.NullPointer, $"The program {access} through an error number ({(long)address}) taken for a pointer; test it first.");
        if (!GuestAddress.IsTagged(address))
            return (BpfFaultKind.InvalidAddress, $"The program {access} through 0x{address:x}, which is a number and no address.");

        int index = GuestAddress.RegionOf(address);
        Region* region = run.Regions + index;
        uint offset = GuestAddress.OffsetOf(address);
        if (region->Kind == RegionKind.None || IsBeforeNext(run, index, offset))
        {
            if (IsBeforeNext(run, index, offset))
            {
                region++;
                index++;
                long before = (long)offset - 0x1_0000_0000;
                return (Outside(region->Kind), $"The program {access} {-before} bytes before the beginning of {Name(run, index, region->Kind)}.");
            }

            return region->End switch
            {
                RegionEnd.Submitted => (BpfFaultKind.UseAfterRelease, $"The program {access} a ring buffer record after it was submitted or discarded."),
                RegionEnd.PacketChanged => (BpfFaultKind.UseAfterRelease, $"The program {access} through a packet pointer from before a helper changed the packet; load data and data_end again."),
                RegionEnd.Released => (BpfFaultKind.UseAfterRelease, $"The program {access} {Name(run, index, region->ClosedKind)} after its reference was released."),
                RegionEnd.Unlocked => (BpfFaultKind.UseAfterRelease, $"The program {access} {Name(run, index, region->ClosedKind)} that it found under a lock, after it gave the lock back."),
                RegionEnd.Deleted => (BpfFaultKind.UseAfterRelease, $"The program {access} a map value after its element was deleted."),
                RegionEnd.Returned => (BpfFaultKind.UseAfterRelease, $"The program {access} the stack of a function that has returned."),
                _ => (BpfFaultKind.InvalidAddress, $"The program {access} through 0x{address:x}, which points into no memory of this run."),
            };
        }

        if (region->Kind == RegionKind.Stack && region->ReadLength == 0)
            return (BpfFaultKind.UseAfterRelease, $"The program {access} the stack of a function that is not running.");
        string name = Name(run, index, region->Kind);
        if (region->Kind == RegionKind.Context)
            return (BpfFaultKind.InvalidContextAccess, $"The program {access} {size} bytes at offset {offset} of {name}, which it may not.");
        if (region->Kind is RegionKind.Map or RegionKind.Function)
            return (BpfFaultKind.InvalidAddress, $"The program {access} {name} itself as memory; only helpers take it.");
        if (offset < region->FullLength && offset + size <= region->FullLength && region->ReadLength < region->FullLength && region->Kind is RegionKind.MapValue or RegionKind.KernelObject)
            return (write ? BpfFaultKind.ReadOnly : BpfFaultKind.InvalidAddress, $"The program {access} a kptr in {name} as memory: load the 8 bytes of it, change it with bpf_kptr_xchg.");
        if (write && offset + size <= region->ReadLength)
            return (BpfFaultKind.ReadOnly, $"The program writes {name}, which is read-only.");
        string past = offset >= region->FullLength
            ? $"{size} bytes at offset {offset}, beyond the end of {name} ({region->FullLength} bytes)"
            : $"{size} bytes at offset {offset}, across the end of {name} ({region->FullLength} bytes)";
        string remedy = region->Kind == RegionKind.Packet ? "; compare with data_end first" : "";
        return (Outside(region->Kind), $"The program {access} {past}{remedy}.");
    }

    private static BpfFaultKind Outside(RegionKind kind) => kind switch
    {
        RegionKind.Packet => BpfFaultKind.PacketOutOfBounds,
        RegionKind.Context => BpfFaultKind.InvalidContextAccess,
        _ => BpfFaultKind.OutOfBounds,
    };

    // An offset of 2 GiB and more that no region has is a negative one of the next region.
    private static bool IsBeforeNext(RunContext run, int index, uint offset) =>
        offset >= 0x8000_0000 && offset >= run.Regions[index].FullLength && index + 1 < GuestAddress.RegionCount
            && run.Regions[index + 1].Kind != RegionKind.None;

    private static (string Name, long Offset, long Length) Locate(RunContext run, ulong address)
    {
        if (!GuestAddress.IsTagged(address) || address >= FirstErrorPointer)
            return ("", 0, 0);
        int index = GuestAddress.RegionOf(address);
        long offset = GuestAddress.OffsetOf(address);
        if (IsBeforeNext(run, index, (uint)offset))
        {
            index++;
            offset -= 0x1_0000_0000;
        }

        Region* region = run.Regions + index;
        RegionKind kind = region->Kind == RegionKind.None ? region->ClosedKind : region->Kind;
        return (Name(run, index, kind), offset, region->FullLength);
    }

    /// <summary>The instruction that a frame runs; -1 if it is of other code.</summary>
    public static int SlotOf(ProgramCode code, Frame* frame)
    {
        int op = code.IndexOf(frame->Current);
        return op < 0 ? -1 : code.Slots[op];
    }

    private static string[] CallStack(RunContext run)
    {
        if (run.Depth < 1)
            return [];
        var frames = new List<string>();
        for (int depth = run.Depth; depth >= 0; depth--)
        {
            ProgramCode code = run.ProgramOfFrame(depth).Code;
            int slot = SlotOf(code, run.Frames + depth);
            if (slot < 0)
                continue;
            SourceLine line = code.Lines.Find(slot);
            string name = code.FunctionAt(slot).Name;
            frames.Add(line.Line > 0 ? $"{name} at {line.File}:{line.Line}" : $"{name} at instruction {slot}");
        }

        return [.. frames];
    }
}
