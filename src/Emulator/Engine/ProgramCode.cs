using System.Runtime.InteropServices;
using LibbpfSharp.Formats.Instructions;

namespace LibbpfSharp.Emulator;

/// <summary>A program as it was decoded at load; never changes afterwards.</summary>
internal sealed unsafe class ProgramCode : IDisposable
{
    private Op* _ops;

    public ProgramCode(int capacity)
    {
        _ops = (Op*)NativeMemory.AllocZeroed((nuint)capacity, (nuint)sizeof(Op) * 2);
        FastOps = _ops + capacity;
        Slots = new int[capacity];
    }

    ~ProgramCode() => NativeMemory.Free(_ops);

    /// <summary>The ops, one per instruction.</summary>
    public Op* Ops => _ops;

    /// <summary>The same with frequent sequences as one op each, for the plain interpreter.</summary>
    public Op* FastOps { get; }

    /// <summary>Number of ops.</summary>
    public int Count { get; set; }

    /// <summary>The instruction slot of each op.</summary>
    public int[] Slots { get; }

    /// <summary>The instructions as they were loaded.</summary>
    public BpfInstruction[] Instructions { get; init; } = [];

    /// <summary>The instructions as program info shows them: maps by id.</summary>
    public BpfInstruction[] Shown { get; init; } = [];

    /// <summary>Functions; 0 is the main one.</summary>
    public ProgramFunction[] Functions { get; init; } = [];

    /// <summary>The function that bpf_throw calls in the end; -1 for none of the program's own.</summary>
    public int ExceptionCallback { get; init; } = -1;

    /// <summary>Maps that the code refers to, in the order of their regions.</summary>
    public EmulatedMap[] Maps { get; set; } = [];

    /// <summary>Map values that the code addresses directly, in the order of their regions.</summary>
    public DirectValue[] DirectValues { get; set; } = [];

    /// <summary>Helpers and kfuncs that tests registered.</summary>
    public EmulatedFunction[] Registered { get; set; } = [];

    /// <summary>C lines.</summary>
    public SourceLines Lines { get; init; } = SourceLines.None;

    /// <summary>Ids of the helpers that the code calls, for reports.</summary>
    public HashSet<int> HelperIds { get; } = [];

    /// <summary>Names of the kfuncs that the code calls.</summary>
    public HashSet<string> KfuncNames { get; } = [];

    /// <summary>Opens the regions that the code addresses by constants.</summary>
    public void OpenFixedRegions(RegionTable memory)
    {
        for (int i = 0; i < Maps.Length; i++)
            memory.OpenFixed(RegionLayout.Maps + i, RegionKind.Map, null, 0, 0, Maps[i]);
        for (int i = Maps.Length; i < memory.FixedMaps; i++)
            memory.Close(RegionLayout.Maps + i, RegionEnd.None);
        memory.FixedMaps = Maps.Length;

        for (int i = 0; i < DirectValues.Length; i++)
        {
            DirectValue value = DirectValues[i];
            uint plain = Math.Min(value.Length, value.Map.PlainSize);
            memory.OpenFixed(
                RegionLayout.DirectValues + i, RegionKind.MapValue, value.Native, plain, value.IsWritable ? plain : 0, value.Map, value.Length);
        }

        for (int i = DirectValues.Length; i < memory.FixedValues; i++)
            memory.Close(RegionLayout.DirectValues + i, RegionEnd.None);
        memory.FixedValues = DirectValues.Length;
    }

    /// <summary>Index of an op in the code, or -1 if it is not of this code.</summary>
    public int IndexOf(Op* op)
    {
        long index = op >= FastOps ? op - FastOps : op - _ops;
        return index >= 0 && index < Count ? (int)index : -1;
    }

    /// <summary>The function that an instruction slot belongs to.</summary>
    public ProgramFunction FunctionAt(int slot)
    {
        ProgramFunction found = Functions[0];
        foreach (ProgramFunction function in Functions)
        {
            if (function.FirstSlot <= slot)
                found = function;
        }

        return found;
    }

    public void Dispose()
    {
        NativeMemory.Free(_ops);
        _ops = null;
        GC.SuppressFinalize(this);
    }
}
