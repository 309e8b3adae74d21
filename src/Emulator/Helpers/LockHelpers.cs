using LibbpfSharp.Formats.Instructions;
using static LibbpfSharp.Emulator.ArgumentKind;

namespace LibbpfSharp.Emulator;

/// <summary>bpf_spin_lock and bpf_spin_unlock.</summary>
internal static unsafe class LockHelpers
{
    public static void Declare(HelperTable table)
    {
        table.Add(BpfHelperId.SpinLock, "5.1", ProgramTypeSet.All, ReturnKind.Void, [ArgumentKind.Object], &Lock);
        table.Add(BpfHelperId.SpinUnlock, "5.1", ProgramTypeSet.All, ReturnKind.Void, [ArgumentKind.Object], &Unlock);
    }

    private static ulong Lock(RunContext run, ulong address, ulong r2, ulong r3, ulong r4, ulong r5)
    {
        if (run.TryFindHeld(HeldKind.SpinLock, address, out _))
            RunContext.Fault(BpfFaultKind.UnbalancedLock, "The program takes a spin lock that it holds already: it would wait for ever.");
        int* word = (int*)run.FieldAt(address, MapFieldKind.SpinLock).Native;
        if (!SpinWord.TryAcquire(ref *word))
            RunContext.Fault(BpfFaultKind.UnbalancedLock, "The spin lock does not become free: something else was stored in its place.");
        Hold(run, HeldKind.SpinLock, "a spin lock", address, word);
        return 0;
    }

    private static ulong Unlock(RunContext run, ulong address, ulong r2, ulong r3, ulong r4, ulong r5)
    {
        GiveBack(run, HeldKind.SpinLock, "a spin lock", address);
        return 0;
    }

    /// <summary>The program holds a lock that was acquired; a run that ends with it gives it back.</summary>
    public static void Hold(RunContext run, HeldKind kind, string name, ulong address, int* word) =>
        run.Hold(new HeldResource(kind, address, name, null, static (_, held) => SpinWord.Release(ref *(int*)held.Data)) { Data = (ulong)word });

    /// <summary>Gives back a lock that the program must hold; what it was lent under it ends.</summary>
    public static void GiveBack(RunContext run, HeldKind kind, string name, ulong address)
    {
        if (!run.TryRelease(kind, address, out HeldResource held))
            RunContext.Fault(BpfFaultKind.UnbalancedLock, $"The program gives back {name} that it does not hold.");
        run.EndBorrows();
        SpinWord.Release(ref *(int*)held.Data);
    }
}
