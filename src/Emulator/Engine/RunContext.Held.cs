namespace LibbpfSharp.Emulator;

internal sealed unsafe partial class RunContext
{
    /// <summary>May_goto lets a loop run that often (BPF_MAX_LOOPS).</summary>
    public const int MayGotoLimit = 8 * 1024 * 1024;

    private HeldResource[] _resources = new HeldResource[8];
    private int _held;
    private ulong[] _kept = new ulong[16];
    private int _keptCount;
    private AllocatedObject[] _borrowed = [];
    private int _borrowedCount;

    /// <summary>Number of references and locks that the run holds.</summary>
    public int HeldCount => _held;

    /// <summary>
    /// Keeps an address alive across callbacks: helpers that hold one in a local variable while the program runs
    /// (the context pointer of bpf_loop) wrap the calls in <see cref="Keep"/> and <see cref="Unkeep"/>.
    /// </summary>
    public void Keep(ulong address)
    {
        if (_keptCount == _kept.Length)
            Array.Resize(ref _kept, _kept.Length * 2);
        _kept[_keptCount++] = address;
    }

    /// <summary>Ends the last <see cref="Keep"/>.</summary>
    public void Unkeep() => _keptCount--;

    /// <summary>
    /// Notes that the program holds something that it must give back before it ends.
    /// </summary>
    /// <param name="resource">What, and how to take it back if the program faults or forgets.</param>
    public void Hold(in HeldResource resource)
    {
        if (_held == _resources.Length)
            Array.Resize(ref _resources, _resources.Length * 2);
        _resources[_held++] = Depth < 0 ? resource : resource with { Slot = FaultReport.SlotOf(Program.Code, _frames + Depth) };
    }

    /// <summary>Finds what the program holds by its guest address, the latest first.</summary>
    /// <returns>True if it holds it.</returns>
    public bool TryFindHeld(HeldKind kind, ulong address, out HeldResource resource)
    {
        for (int i = _held - 1; i >= 0; i--)
        {
            if (_resources[i].Kind == kind && _resources[i].Address == address)
            {
                resource = _resources[i];
                return true;
            }
        }

        resource = default;
        return false;
    }

    /// <summary>Notes that the program gave something back. Does not call its <see cref="HeldResource.TakeBack"/>.</summary>
    /// <returns>False if it does not hold it: the helper's caller released twice or something foreign.</returns>
    public bool TryRelease(HeldKind kind, ulong address, out HeldResource resource)
    {
        for (int i = _held - 1; i >= 0; i--)
        {
            if (_resources[i].Kind != kind || _resources[i].Address != address)
                continue;
            resource = _resources[i];
            Array.Copy(_resources, i + 1, _resources, i, _held - i - 1);
            _resources[--_held] = default;
            return true;
        }

        resource = default;
        return false;
    }

    /// <summary>The program holds an object that a list or tree owns, until it gives the lock back.</summary>
    public void Borrow(AllocatedObject item)
    {
        if (_borrowedCount == _borrowed.Length)
            Array.Resize(ref _borrowed, Math.Max(16, _borrowed.Length * 2));
        _borrowed[_borrowedCount++] = item;
    }

    /// <summary>A lock is given back: what was borrowed under it is out of reach, if the program does not own it otherwise.</summary>
    public void EndBorrows()
    {
        for (int i = 0; i < _borrowedCount; i++)
        {
            ulong address = _borrowed[i].Address(this);
            if (!TryFindHeld(HeldKind.Object, address, out _))
                CloseRegion(address, RegionEnd.Unlocked);
        }

        ForgetBorrows();
    }

    private void ForgetBorrows()
    {
        Array.Clear(_borrowed, 0, _borrowedCount);
        _borrowedCount = 0;
    }

    private void CheckNothingHeld()
    {
        HeldResource first = _resources[0];
        bool isLock = first.Kind is HeldKind.SpinLock or HeldKind.ResilientSpinLock or HeldKind.RcuReadLock or HeldKind.PreemptDisabled or HeldKind.InterruptsDisabled;
        SourceLine line = first.Slot >= 0 ? Program.Code.Lines.Find(first.Slot) : default;
        string where = line.Line > 0 ? $" taken at {line.File}:{line.Line}" : first.Slot >= 0 ? $" taken by instruction {first.Slot}" : "";
        Fault(
            isLock ? BpfFaultKind.UnbalancedLock : BpfFaultKind.UnbalancedReference,
            $"The program ended while it held {first.Description}{where}; {(_held == 1 ? "it" : $"this and {_held - 1} more")} must be given back on every path.");
    }

    private void ReleaseAll()
    {
        for (int i = _held - 1; i >= 0; i--)
        {
            HeldResource resource = _resources[i];
            _resources[i] = default;
            resource.TakeBack?.Invoke(this, resource);
        }

        _held = 0;
    }
}
