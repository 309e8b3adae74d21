using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Maps;

/// <summary>
/// Counts the elements of one map with the kfunc bpf_map_sum_elem_count (6.6). User space cannot call a kfunc, so a
/// program of three instructions does, run by BPF_PROG_TEST_RUN: on Linux and on the emulator alike.
/// </summary>
internal sealed unsafe class ElementCounter : IDisposable
{
    private const string Kfunc = "bpf_map_sum_elem_count";
    private const int PacketSize = 14; // an Ethernet header; the kernel runs no SCHED_CLS program on less
    private static readonly Version s_minimum = new(6, 6);
    private static readonly ConditionalWeakTable<IBpfKernel, StrongBox<uint>> s_ids = [];
    private readonly KernelHandle _program;
    private readonly string _subject;

    private ElementCounter(KernelHandle program, string subject)
    {
        _program = program;
        _subject = subject;
    }

    /// <summary>Whether maps of a type have a counter; the kfunc gives 0 for the others (bpf_map_init_elem_count is called for these only).</summary>
    public static bool HasCounter(BpfMapType type) => type is BpfMapType.Hash or BpfMapType.PerCpuHash or BpfMapType.LruHash
        or BpfMapType.LruPerCpuHash or BpfMapType.HashOfMaps;

    /// <summary>Loads the program for a map whose descriptor stays open during the call.</summary>
    public static ElementCounter Load(IBpfKernel kernel, int mapFd, string subject)
    {
        uint kfunc = KfuncId(kernel, subject);
        BpfInstruction[] code = new BpfAssembler()
            .LoadMapFd(BpfRegister.R1, mapFd)
            .CallKfunc((int)kfunc)
            .Exit()
            .Build();
        // Slots are 8 bytes in the order of the wire; kfuncs are for GPL-compatible programs only.
        fixed (BpfInstruction* instructions = code)
        fixed (byte* license = "Dual MIT/GPL\0"u8)
        {
            bpf_attr_prog_load attr = default;
            attr.prog_type = (uint)BpfProgramType.SchedCls;
            attr.insns = (ulong)instructions;
            attr.insn_cnt = (uint)code.Length;
            attr.license = (ulong)license;
            attr.prog_name = bpf_obj_name.From("sum_elem_count");
            int fd = kernel.Bpf(BpfCommand.ProgLoad, ref BpfAttr.From(ref attr), (uint)sizeof(bpf_attr_prog_load));
            // The name may be in the BTF that an older kernel was given.
            if (fd < 0 && fd != -(int)BpfErrno.EPERM && kernel.Facts.Release < s_minimum)
                throw new BpfUnsupportedFeatureException(Kfunc, s_minimum, kernel.Name, subject, (BpfErrno)(-fd));
            if (fd < 0)
            {
                throw KernelErrors.Create(fd, kernel, "loading the counting program", subject, fd == -(int)BpfErrno.EPERM && !kernel.IsEmulated
                    ? "Counting elements runs a small SCHED_CLS program, which needs CAP_BPF and CAP_NET_ADMIN."
                    : $"The kernel refused the program that calls {Kfunc}.");
            }

            return new ElementCounter(new KernelHandle(kernel, fd, $"counting program of {subject}"), subject);
        }
    }

    /// <summary>Runs the program.</summary>
    public long Count()
    {
        byte* packet = stackalloc byte[PacketSize];
        new Span<byte>(packet, PacketSize).Clear();
        bpf_attr_test attr = default;
        attr.data_in = (ulong)packet;
        attr.data_size_in = PacketSize;
        attr.prog_fd = (uint)_program.Enter();
        int result;
        try
        {
            result = _program.Kernel.Bpf(BpfCommand.ProgTestRun, ref BpfAttr.From(ref attr), (uint)sizeof(bpf_attr_test));
        }
        finally
        {
            _program.Exit();
        }

        KernelErrors.Check(result, _program.Kernel, "counting elements", _subject);
        // The result of the program is 32 bits wide; no map has room for more elements. While others update the map
        // the sum of the CPUs' counters may be off by theirs, even below zero.
        return (int)attr.retval;
    }

    public void Dispose() => _program.Dispose();

    private static uint KfuncId(IBpfKernel kernel, string subject)
    {
        if (s_ids.TryGetValue(kernel, out StrongBox<uint>? known))
            return known.Value;
        uint id = FindKfunc(kernel);
        if (id == 0)
        {
            throw kernel.Facts.Release < s_minimum
                ? new BpfUnsupportedFeatureException(Kfunc, s_minimum, kernel.Name, subject)
                : new BpfUnsupportedFeatureException($"{Kfunc} (named in the kernel's BTF)", null, kernel.Name, subject);
        }

        s_ids.AddOrUpdate(kernel, new StrongBox<uint>(id));
        return id;
    }

    private static uint FindKfunc(IBpfKernel kernel)
    {
        if (kernel.Facts.ReadBtf(null, out KernelBlob? blob) < 0 || blob is null)
            return 0;
        using (blob)
        {
            return BtfData.Parse(blob.Memory).TryFindByName(Kfunc, BtfKind.Func, out uint id) ? id : 0;
        }
    }
}
