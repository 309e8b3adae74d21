using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Benchmarks;

/// <summary>The kernel's own BTF: opening it, finding types, writing it as C.</summary>
internal sealed class BtfBenchmark : IBenchmark
{
    private static readonly string[] s_structs = ["task_struct", "sk_buff"];

    public string Name => "btf";

    public IEnumerable<Measurement> Run()
    {
        IKernelFacts facts = LinuxKernel.Instance.Facts;
        yield return Measurement.Of("vmlinux BTF: read, 2 structs and a function, all members", 40, () =>
        {
            KernelBlob blob = Read(facts);
            Use(BtfData.Parse(blob.Memory));
            ((IDisposable)blob).Dispose();
        }).Within(15, 3 << 20);

        KernelBlob bytes = Read(facts); // used to the end of the process
        yield return Measurement.Of("  the same without reading the file", 40, () => Use(BtfData.Parse(bytes.Memory)));
        yield return Measurement.Of("  parse alone", 40, () => BtfData.Parse(bytes.Memory));
        yield return Measurement.Of("  and 1000 names, found through the hash", 10, () =>
        {
            BtfData btf = BtfData.Parse(bytes.Memory);
            for (uint id = 1; id < btf.TypeCount; id += btf.TypeCount / 1000)
                btf.TryFindByName(btf[id].NameBytes, BtfKind.Void, out _);
        });
        BtfData whole = BtfData.Parse(bytes.Memory);
        yield return Measurement.Of("vmlinux BTF as a C header", 5, () => BtfCDumper.WriteHeader(whole, TextWriter.Null));
    }

    private static KernelBlob Read(IKernelFacts facts)
    {
        int error = facts.ReadBtf(null, out KernelBlob? blob);
        return blob ?? throw new InvalidOperationException($"This kernel has no BTF (error {-error}).");
    }

    private static void Use(BtfData btf)
    {
        uint sum = 0;
        foreach (string name in s_structs)
        {
            if (!btf.TryFindByName(name, BtfKind.Struct, out uint id))
                throw new InvalidOperationException($"No struct {name}.");
            foreach (BtfMember member in btf[id].Members)
                sum += member.BitOffset + member.TypeId + (uint)member.Name.Length;
        }

        if (!btf.TryFindByName("bpf_map_sum_elem_count", BtfKind.Func, out uint kfunc) || sum + kfunc == 0)
            throw new InvalidOperationException("No bpf_map_sum_elem_count.");
    }
}
