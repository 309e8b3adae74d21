using LibbpfSharp.Interop;

namespace LibbpfSharp.Emulator;

/// <summary>ARRAY_OF_MAPS.</summary>
internal sealed unsafe class ArrayOfMapsMap(EmulatedKernel kernel, MapSpec spec, InnerMapTemplate template) : ObjectArrayMap(kernel, spec)
{
    public override InnerMapTemplate? Template => template;

    public override EmulatedMap? LookupInnerMap(byte* key) => (EmulatedMap?)Get(*(uint*)key);

    public override int SyscallLookup(byte* key, ulong value, ulong flags) => CopyIdOut(key, value, static item => ((EmulatedMap)item).Id);

    public override int SyscallBatch(BpfCommand command, ref bpf_attr_batch attr, KernelFile file) => ArrayKeys.Batch(this, command, ref attr, file);

    protected override int Resolve(uint fd, out EmulatedObject? item)
    {
        int error = template.Resolve(Kernel, fd, out EmulatedMap? map);
        item = map;
        return error;
    }
}
