using static LibbpfSharp.Emulator.HelperArguments;

namespace LibbpfSharp.Emulator;

/// <summary>bpf_res_spin_lock: a spin lock that gives up, with -EDEADLK where the program holds it already and -ETIMEDOUT where nobody gives it back.</summary>
internal static unsafe class ResilientLockKfuncs
{
    private const string Name = "a resilient spin lock";
    private const ulong InterruptsEnabled = 1 << 9; // X86_EFLAGS_IF

    public static void Declare(KfuncTable table)
    {
        table.Add("bpf_res_spin_lock", "6.15", ProgramTypeSet.All, &Lock);
        table.Add("bpf_res_spin_unlock", "6.15", ProgramTypeSet.All, &Unlock);
        table.Add("bpf_res_spin_lock_irqsave", "6.15", ProgramTypeSet.All, &LockAndSave);
        table.Add("bpf_res_spin_unlock_irqrestore", "6.15", ProgramTypeSet.All, &UnlockAndRestore);
    }

    private static ulong Lock(RunContext run, ulong address, ulong r2, ulong r3, ulong r4, ulong r5)
    {
        int* word = (int*)run.FieldAt(address, MapFieldKind.ResilientSpinLock).Native;
        if (run.TryFindHeld(HeldKind.ResilientSpinLock, address, out _))
            return Error((int)BpfErrno.EDEADLK);
        if (!SpinWord.TryAcquire(ref *word))
            return Error((int)BpfErrno.ETIMEDOUT);
        LockHelpers.Hold(run, HeldKind.ResilientSpinLock, Name, address, word);
        return 0;
    }

    private static ulong Unlock(RunContext run, ulong address, ulong r2, ulong r3, ulong r4, ulong r5)
    {
        LockHelpers.GiveBack(run, HeldKind.ResilientSpinLock, Name, address);
        return 0;
    }

    private static ulong LockAndSave(RunContext run, ulong address, ulong flags, ulong r3, ulong r4, ulong r5)
    {
        ulong* saved = (ulong*)run.Write(flags, sizeof(ulong));
        ulong error = Lock(run, address, 0, 0, 0, 0);
        if (error != 0)
            return error;
        *saved = InterruptsEnabled;
        run.Hold(new HeldResource(HeldKind.InterruptsDisabled, flags, "interrupts disabled", null, null));
        return 0;
    }

    private static ulong UnlockAndRestore(RunContext run, ulong address, ulong flags, ulong r3, ulong r4, ulong r5)
    {
        if (!run.TryRelease(HeldKind.InterruptsDisabled, flags, out _))
            RunContext.Fault(BpfFaultKind.UnbalancedLock, "bpf_res_spin_unlock_irqrestore of flags that bpf_res_spin_lock_irqsave did not save.");
        return Unlock(run, address, 0, 0, 0, 0);
    }
}
