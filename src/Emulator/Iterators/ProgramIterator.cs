namespace LibbpfSharp.Emulator;

/// <summary>iter/bpf_prog: all programs by id.</summary>
internal sealed unsafe class ProgramIterator(EmulatedKernel kernel) : IteratorTarget(kernel)
{
    public override IteratorItem? Find(ulong position)
    {
        for (uint id = position == 0 ? 0 : (uint)position - 1; Kernel.Programs.Loaded.TryGetNext(id, out id);)
        {
            if (Kernel.Programs.Loaded.TryAcquire(id, out EmulatedProgram? program))
                return new Item(program) { Position = id };
        }

        return null;
    }

    private sealed class Item(EmulatedProgram program) : IteratorItem
    {
        private readonly StandInObject _structure = StandInObject.OfProgram(program);
        private readonly StandInObject _auxiliary = StandInObject.OfProgramAuxiliary(program);

        public override void Fill(RunContext run, ulong* words)
        {
            _structure.SetPointer("aux", _auxiliary.Address(run));
            words[1] = _structure.Address(run);
        }

        public override void Dispose()
        {
            _structure.Release();
            _auxiliary.Release();
            program.Release();
        }
    }
}
