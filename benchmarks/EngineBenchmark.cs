using System.Diagnostics;
using LibbpfSharp.Emulator;
using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Formats.BtfExt;
using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Formats.Objects;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Benchmarks;

/// <summary>
/// The emulator's engines on the compute programs of benchmarks/programs, beside the kernel's JIT compiler on the same
/// bytes and packet. Both run them through BPF_PROG_TEST_RUN, which is how a caller would.
/// </summary>
internal sealed unsafe class EngineBenchmark : IBenchmark
{
    private static readonly (string Name, long Instructions, uint Result, uint Repeat, bool IsDemanded)[] s_programs =
    [
        ("a_xorshift", 960_012, 0x96d5173a, 1, true),
        ("b_checksum", 18_008, 0xf26cd126, 50, true),
        ("c_sievegcd", 38_827, 0xb3d33a6f, 25, true),
        ("d_parse", 127, 0xfd480cec, 5_000, false),
        ("e_empty", 2, 2, 20_000, false),
        ("f_bpfloop", 0, 0x90719bfa, 1, false),
    ];

    public string Name => "engine";

    public IEnumerable<Measurement> Run()
    {
        string folder = FindPrograms();
        byte[] packet = File.ReadAllBytes(Path.Combine(folder, "packet.bin"));
        using var emulator = new EmulatedKernel();
        bool linux = OperatingSystem.IsLinux();
        foreach ((string name, long instructions, uint result, uint repeat, bool demanded) in s_programs)
        {
            BpfLinkedProgram code = Read(Path.Combine(folder, name + ".bpf.o"), out BtfData? btf);
            yield return Measure(emulator, "interpreter", name, code, btf, packet, instructions, result, repeat, demanded);
            if (linux && Measure(LinuxKernel.Instance, "Linux", name, code, btf, packet, instructions, result, repeat * 20, false) is { } kernel)
                yield return kernel;
        }
    }

    private static Measurement Measure(
        IBpfKernel kernel, string engine, string name, BpfLinkedProgram code, BtfData? btf, byte[] packet, long instructions, uint result, uint repeat, bool demanded)
    {
        int fd = Load(kernel, code, btf);
        if (fd < 0)
            return new Measurement($"{name} {engine}: not loaded, {(BpfErrno)(-fd)}", 0, 0, 0);
        try
        {
            // A trial takes a few milliseconds, less than a slice of the scheduler: on a busy machine some are not interrupted.
            const int Trials = 60;
            const int Unmeasured = 30;
            double[] times = new double[Trials];
            long allocated = 0;
            for (int i = -Unmeasured; i < Trials; i++)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                long start = Stopwatch.GetTimestamp();
                uint duration = TestRun(kernel, fd, packet, repeat, out uint actual);
                double nanoseconds = kernel.IsEmulated ? Stopwatch.GetElapsedTime(start).TotalNanoseconds / repeat : duration;
                allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / repeat;
                if (actual != result)
                    throw new InvalidOperationException($"{name} gave 0x{actual:x} on {kernel.Name} instead of 0x{result:x}.");
                if (i >= 0)
                    times[i] = nanoseconds;
            }

            Array.Sort(times);
            double speed = instructions / times[0];
            string what = $"{name} {engine}: {times[0]:0} ns a run" + (instructions > 0 ? $", {speed:0.00} insns/ns" : "");
            var measurement = new Measurement(what, times[Trials / 2] / 1e6, times[0] / 1e6, allocated);
            return demanded ? measurement with { Demand = "0.4 insns/ns:", IsMet = speed >= 0.4 } : measurement;
        }
        finally
        {
            kernel.Close(fd);
        }
    }

    private static BpfLinkedProgram Read(string path, out BtfData? btf)
    {
        BpfObjectFile file = BpfObjectFile.Parse(File.ReadAllBytes(path));
        btf = file.GetLoadableBtf();
        return BpfProgramLinker.Link(file.Programs[0]);
    }

    private static int Load(IBpfKernel kernel, BpfLinkedProgram program, BtfData? btf)
    {
        // Callbacks need function info, which needs BTF.
        int btfFd = 0;
        fixed (byte* bytes = btf is null ? default : btf.RawBytes.Span)
        fixed (BpfInstruction* instructions = program.Instructions)
        fixed (BtfFuncInfo* functions = program.FuncInfo)
        fixed (byte* license = "GPL\0"u8)
        {
            BpfAttr attr = default;
            if (btf is not null)
            {
                attr.btf_load.btf = (ulong)bytes;
                attr.btf_load.btf_size = (uint)btf.RawBytes.Length;
                btfFd = kernel.Bpf(BpfCommand.BtfLoad, ref attr, 28);
                if (btfFd < 0)
                    return btfFd;
            }

            attr = default;
            attr.prog_load.prog_type = (uint)BpfProgramType.Xdp;
            attr.prog_load.insns = (ulong)instructions;
            attr.prog_load.insn_cnt = (uint)program.Instructions.Length;
            attr.prog_load.license = (ulong)license;
            if (btfFd > 0)
            {
                attr.prog_load.prog_btf_fd = (uint)btfFd;
                attr.prog_load.func_info = (ulong)functions;
                attr.prog_load.func_info_cnt = (uint)program.FuncInfo.Length;
                attr.prog_load.func_info_rec_size = (uint)sizeof(BtfFuncInfo);
            }

            int fd = kernel.Bpf(BpfCommand.ProgLoad, ref attr, 144);
            if (btfFd > 0)
                kernel.Close(btfFd);
            return fd;
        }
    }

    private static uint TestRun(IBpfKernel kernel, int fd, byte[] packet, uint repeat, out uint result)
    {
        fixed (byte* data = packet)
        {
            BpfAttr attr = default;
            attr.test.prog_fd = (uint)fd;
            attr.test.data_in = (ulong)data;
            attr.test.data_size_in = (uint)packet.Length;
            attr.test.repeat = repeat;
            int error = kernel.Bpf(BpfCommand.ProgTestRun, ref attr, 80);
            if (error != 0)
                throw new InvalidOperationException($"BPF_PROG_TEST_RUN on {kernel.Name}: {(BpfErrno)(-error)} {(kernel as EmulatedKernel)?.LastFault}");
            result = attr.test.retval;
            return attr.test.duration;
        }
    }

    private static string FindPrograms()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string folder = Path.Combine(at.FullName, "benchmarks", "programs");
            if (Directory.Exists(folder))
                return folder;
        }

        throw new DirectoryNotFoundException("benchmarks/programs is not above the executable; run from a checkout.");
    }
}
