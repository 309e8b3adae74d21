namespace LibbpfSharp.Emulator;

/// <summary>A process of the emulated machine.</summary>
internal sealed class EmulatedProcess(EmulatedKernel kernel, int processId, string name) : EmulatedStandIn(kernel)
{
    public override string Description => $"process {processId} '{name}'";

    public override ulong Id => (ulong)processId;

    public int ProcessId => processId;

    /// <summary>The name (comm), at most 15 bytes.</summary>
    public string Name => name;

    /// <summary>The process as programs see one.</summary>
    public EmulatedTask AsTask() => new() { Pid = processId, Tgid = processId, Comm = name };
}
