namespace LibbpfSharp.Emulator;

/// <summary>Members of a struct of functions.</summary>
internal sealed class StructOpsKind() : TracedKind(BpfProgramType.StructOps, "struct_ops")
{
    // Only those of the kernel's own struct bpf_dummy_ops can be test-run.
    public override int TestRun(ProgramTestRun request) => -Errno.EOPNOTSUPP;
}
