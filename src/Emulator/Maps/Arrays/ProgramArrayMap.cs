namespace LibbpfSharp.Emulator;

/// <summary>PROG_ARRAY: the first program that it holds or that uses it decides which others fit.</summary>
internal sealed unsafe class ProgramArrayMap(EmulatedKernel kernel, MapSpec spec) : ObjectArrayMap(kernel, spec)
{
    private object? _key;

    /// <summary>The program in a slot, or null.</summary>
    public ITailCallTarget? GetProgram(uint index) => Get(index) as ITailCallTarget;

    /// <summary>Whether a program may use the array or be held by it; the first that asks decides.</summary>
    public bool Accepts(ITailCallTarget program)
    {
        object key = program.TailCallKey;
        return Equals(Interlocked.CompareExchange(ref _key, key, null) ?? key, key);
    }

    public override int SyscallLookup(byte* key, ulong value, ulong flags) => CopyIdOut(key, value, static item => ((ITailCallTarget)item).Id);

    protected override int Resolve(uint fd, out EmulatedObject? item)
    {
        int error = Kernel.Find(fd, out item);
        if (error != 0)
            return error;
        return item is ITailCallTarget program && Accepts(program) ? 0 : -Errno.EINVAL;
    }

    // Programs that use the array do not keep what it holds, else two that call each other would live for ever.
    protected override void OnLastUserGone() => ClearAll();
}
