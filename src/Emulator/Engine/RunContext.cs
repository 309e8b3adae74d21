using System.Runtime.InteropServices;

namespace LibbpfSharp.Emulator;

/// <summary>
/// One run of a program on one virtual CPU: its registers, stack, memory and whatever it holds. Helpers, kfuncs and
/// context conversions get it as their first argument. Pooled by the kernel; a warm run allocates nothing.
/// </summary>
internal sealed unsafe partial class RunContext : IDisposable
{
    private byte* _stacks;
    private Frame* _frames;
    private readonly EmulatedProgram?[] _framePrograms = new EmulatedProgram?[RegionLayout.MaximumFrames];
    private EmulatedProgram? _installed;

    public RunContext(EmulatedKernel kernel)
    {
        Kernel = kernel;
        Memory = new RegionTable();
        Regions = Memory.Entries;
        _stacks = (byte*)NativeMemory.AlignedAlloc(RegionLayout.MaximumFrames * StackSize, 64);
        NativeMemory.Clear(_stacks, RegionLayout.MaximumFrames * StackSize);
        _frames = (Frame*)NativeMemory.AlignedAlloc(RegionLayout.MaximumFrames * Frame.SizeInBytes, 64);
        NativeMemory.Clear(_frames, RegionLayout.MaximumFrames * Frame.SizeInBytes);
        for (int i = 0; i < RegionLayout.MaximumFrames; i++)
        {
            Memory.OpenFixed(RegionLayout.Stack + i, RegionKind.Stack, _stacks + (i * StackSize), 0, 0);
            Regions[RegionLayout.Stack + i].FullLength = StackSize;
            _frames[i].Registers[10] = GuestAddress.Of(RegionLayout.Stack + i, StackSize);
        }
    }

    ~RunContext() => Free();

    /// <summary>Bytes of stack of one frame (MAX_BPF_STACK).</summary>
    public const int StackSize = 512;

    /// <summary>The kernel.</summary>
    public EmulatedKernel Kernel { get; }

    /// <summary>The program whose code is running; a tail call changes it.</summary>
    public EmulatedProgram Program { get; set; } = null!;

    /// <summary>The virtual CPU: index into the possible CPUs, and slot of per-CPU values.</summary>
    public int Cpu { get; set; }

    /// <summary>The memory of this run.</summary>
    public RegionTable Memory { get; }

    /// <summary>The region table's first entry.</summary>
    public readonly Region* Regions;

    /// <summary>Instructions this run may still execute; tested at back edges and calls.</summary>
    public long Budget;

    /// <summary>The innermost frame; -1 between runs.</summary>
    public int Depth = -1;

    /// <summary>Tail calls made in this run.</summary>
    public int TailCalls;

    /// <summary>What stands behind a converted context; null for plain ones.</summary>
    public ContextState? ContextState { get; set; }

    /// <summary>Guest address of the context.</summary>
    public ulong ContextAddress { get; private set; }

    /// <summary>Cookie of the link that led here (bpf_get_attach_cookie).</summary>
    public ulong AttachCookie { get; set; }

    /// <summary>What bpf_override_return set in this run; null for nothing.</summary>
    public ulong? OverriddenReturn { get; set; }

    /// <summary>The link or hook's own data for helpers such as bpf_get_func_ip; owned by whoever raised the event.</summary>
    public object? HookState { get; set; }

    /// <summary>Tracing, coverage and stricter checks; null for none.</summary>
    public RunDiagnosis? Diagnosis { get; set; }

    /// <summary>The emulated task that runs.</summary>
    public EmulatedTask Task => Kernel.CurrentTask;

    /// <summary>All frames; <see cref="Depth"/> is the innermost.</summary>
    public Frame* Frames => _frames;

    /// <summary>Native stack memory of a frame: its first byte.</summary>
    public byte* StackOf(int depth) => _stacks + (depth * StackSize);

    /// <summary>
    /// Runs a program to its end: opens the context, calls its main function, checks that everything was given back.
    /// </summary>
    /// <param name="program">The program.</param>
    /// <param name="context">Native bytes of a plain context; null for none or a converted one.</param>
    /// <param name="contextLength">Bytes of it.</param>
    /// <param name="state">What stands behind a converted context.</param>
    /// <returns>r0.</returns>
    /// <exception cref="BpfFaultException">The program did something wrong; everything it held was taken back.</exception>
    public ulong Execute(EmulatedProgram program, byte* context, uint contextLength, ContextState? state)
    {
        if (Depth >= 0)
            throw new InvalidOperationException("A run context runs one program at a time.");
        Program = program;
        ContextState = state;
        TailCalls = 0;
        Budget = Kernel.InstructionBudget;
        Observe();
        Install(program);
        ProgramKind kind = program.Kind;
        uint plain = kind.HasPlainContext ? contextLength : 0;
        ContextAddress = Memory.OpenFixed(
            RegionLayout.Context, RegionKind.Context, context, plain, kind.IsContextWritable ? plain : 0);
        Regions[RegionLayout.Context].FullLength = kind.HasPlainContext ? contextLength : kind.ContextSize;
        ulong r1 = program.PassesNullContext(contextLength, state) ? 0 : ContextAddress;
        try
        {
            state?.Enter(this);
            ulong result = CallMain(program, r1);
            if (_held > 0)
                CheckNothingHeld();
            return result;
        }
        catch (BpfFaultException fault)
        {
            fault.Fault ??= FaultReport.Describe(this, fault);
            throw;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A helper of the emulator or of a test that threw: the program's run ends, the kernel goes on.
            var fault = new BpfFaultException(BpfFaultKind.Internal, $"{e.GetType().Name}: {e.Message}");
            fault.Fault = FaultReport.Describe(this, fault);
            throw fault;
        }
        finally
        {
            Finish();
        }
    }

    /// <summary>
    /// Runs a program as instruction suites do, without a context: r1 is the address of some memory, r2 its length.
    /// </summary>
    /// <returns>r0, in all 64 bits.</returns>
    public ulong ExecuteRaw(EmulatedProgram program, byte* memory, uint length)
    {
        Program = program;
        TailCalls = 0;
        Budget = Kernel.InstructionBudget;
        Observe();
        Install(program);
        try
        {
            ulong address = memory == null ? 0 : OpenRegion(RegionKind.Memory, memory, length, length, null);
            return program.Engine.Call(this, program, 0, address, length, 0, 0, 0);
        }
        catch (BpfFaultException fault)
        {
            fault.Fault ??= FaultReport.Describe(this, fault);
            throw;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A helper of the emulator or of a test that threw: the program's run ends, the kernel goes on.
            var fault = new BpfFaultException(BpfFaultKind.Internal, $"{e.GetType().Name}: {e.Message}");
            fault.Fault = FaultReport.Describe(this, fault);
            throw fault;
        }
        finally
        {
            Finish();
        }
    }

    /// <summary>Calls a subprogram from a helper: a callback. The function is given by its address, as the program passed it.</summary>
    /// <returns>Its r0.</returns>
    public ulong CallFunction(ulong function, ulong r1, ulong r2, ulong r3, ulong r4, ulong r5) =>
        Program.Engine.Call(this, Program, FunctionIndex(function), r1, r2, r3, r4, r5);

    /// <summary>The same with a number from <see cref="FunctionIndex"/>, for helpers that call one function many times.</summary>
    public ulong CallFunction(int function, ulong r1, ulong r2, ulong r3, ulong r4, ulong r5) =>
        Program.Engine.Call(this, Program, function, r1, r2, r3, r4, r5);

    /// <summary>Index of the function at an address, for callers that call it many times.</summary>
    public int FunctionIndex(ulong function)
    {
        uint index = GuestAddress.OffsetOf(function);
        if (function != GuestAddress.Of(RegionLayout.Functions, index) || index >= (uint)Program.Code.Functions.Length)
            Fault(BpfFaultKind.InvalidCall, $"0x{function:x} is not the address of a function of this program.");
        return (int)index;
    }

    /// <summary>Takes the next frame for a call.</summary>
    /// <returns>The frame, its r10 set and its stack open.</returns>
    public Frame* Push(int function, uint stackBytes)
    {
        int depth = Depth + 1;
        if (depth >= RegionLayout.MaximumFrames)
            Fault(BpfFaultKind.CallDepth, $"More than {RegionLayout.MaximumFrames} calls are nested.");
        Depth = depth;
        Frame* frame = _frames + depth;
        frame->Function = function;
        frame->Replaced = 0;
        frame->MayGotoLeft = MayGotoLimit;
        Region* stack = Regions + RegionLayout.Stack + depth;
        stack->ReadLength = StackSize;
        stack->WriteLength = StackSize;
        if (stackBytes > 0)
            new Span<byte>(_stacks + (depth * StackSize) + StackSize - stackBytes, (int)stackBytes).Clear();
        return frame;
    }

    /// <summary>Gives the innermost frame back.</summary>
    public void Pop()
    {
        int depth = Depth;
        Region* stack = Regions + RegionLayout.Stack + depth;
        stack->ReadLength = 0;
        stack->WriteLength = 0;
        stack->End = RegionEnd.Returned;
        Depth = depth - 1;
    }

    /// <summary>Remembers the program that a tail call replaces in the innermost frame, for its return.</summary>
    public void ReplaceProgram(EmulatedProgram program)
    {
        Frame* frame = _frames + Depth;
        if (frame->Replaced == 0)
        {
            frame->Replaced = 1;
            _framePrograms[Depth] = Program;
        }

        Program = program;
        Install(program);
    }

    /// <summary>Brings back the program whose frame a tail call had replaced.</summary>
    public void RestoreProgram()
    {
        Frame* frame = _frames + Depth;
        EmulatedProgram program = _framePrograms[Depth]!;
        _framePrograms[Depth] = null;
        frame->Replaced = 0;
        Program = program;
        Install(program);
    }

    public void Dispose()
    {
        Memory.Dispose();
        Free();
        GC.SuppressFinalize(this);
    }

    private void Observe()
    {
        EmulatorDiagnosis? wanted = Kernel.Diagnosis;
        if (wanted is null)
        {
            Diagnosis = null;
            return;
        }

        if (Diagnosis is null || !ReferenceEquals(Diagnosis.Options, wanted))
            Diagnosis = new RunDiagnosis(wanted);
        Diagnosis.Start();
    }

    // bpf_throw ends all frames; what the program declares as its exception callback, or else the cookie, is its result.
    private ulong CallMain(EmulatedProgram program, ulong r1)
    {
        try
        {
            return program.Engine.Call(this, program, 0, r1, 0, 0, 0, 0);
        }
        catch (BpfThrownException thrown)
        {
            if (_held > 0)
                CheckNothingHeld();
            PopAll();
            int callback = Program.Code.ExceptionCallback;
            return callback < 0 ? thrown.Cookie : Program.Engine.Call(this, Program, callback, thrown.Cookie, 0, 0, 0, 0);
        }
    }

    // Opens the regions that the program's code addresses by constants.
    private void Install(EmulatedProgram program)
    {
        if (ReferenceEquals(_installed, program))
            return;
        _installed = program;
        program.Code.OpenFixedRegions(Memory);
    }

    private void PopAll()
    {
        while (Depth >= 0)
        {
            if (_frames[Depth].Replaced != 0)
                _framePrograms[Depth] = null;
            Pop();
        }
    }

    private void Finish()
    {
        PopAll();
        if (_held > 0)
            ReleaseAll();
        _keptCount = 0;
        ForgetBorrows();
        Memory.Reset();
        ContextState = null;
        HookState = null;
        AttachCookie = 0;
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_stacks);
        NativeMemory.AlignedFree(_frames);
        _stacks = null;
        _frames = null;
    }
}
