using System.Runtime.InteropServices;
using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>BPF_BTF_LOAD, with BTF made simpler for kernels that do not take all of it.</summary>
internal static unsafe class BtfLoader
{
    /// <summary>Loads an object's BTF.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="btf">The BTF, completed.</param>
    /// <param name="subject">The object, for messages.</param>
    /// <param name="problem">Why the kernel took none of it, or null.</param>
    /// <returns>The descriptor, or null if the kernel takes no BTF.</returns>
    public static KernelHandle? TryLoad(IBpfKernel kernel, BtfData btf, string subject, out string? problem)
    {
        problem = null;
        int fd = Load(kernel, btf, null, 0);
        if (fd < 0)
        {
            // Only now is it worth asking what the kernel knows.
            BtfData simpler = BtfSanitizer.Sanitize(btf, Probe(kernel));
            fd = ReferenceEquals(simpler, btf) ? fd : Load(kernel, simpler, null, 0);
            if (fd < 0)
                problem = Explain(kernel, simpler, fd);
        }

        return fd < 0 ? null : new KernelHandle(kernel, fd, $"BTF of {subject}");
    }

    /// <summary>Asks with one small BTF per feature.</summary>
    internal static BtfFeatures Probe(IBpfKernel kernel)
    {
        bool Takes(Action<BtfBuilder> add)
        {
            var builder = new BtfBuilder();
            builder.AddInt("int", 4, BtfIntEncoding.Signed); // id 1
            add(builder);
            int fd = Load(kernel, builder.Build(), null, 0);
            if (fd < 0)
                return false;
            kernel.Close(fd);
            return true;
        }

        void Function(BtfBuilder builder, BtfLinkage linkage)
        {
            uint prototype = builder.AddFunctionPrototype(0);
            builder.AddParameter("a", 1);
            builder.AddFunction("f", prototype, linkage);
        }

        void Section(BtfBuilder builder, string name)
        {
            uint variable = builder.AddVariable("x", 1, BtfLinkage.Static);
            builder.AddDataSection(name, 4);
            builder.AddSectionVariable(variable, 0, 4);
        }

        return new BtfFeatures
        {
            Func = Takes(b => Function(b, BtfLinkage.Static)),
            DataSec = Takes(b => Section(b, ".data")),
            FuncGlobal = Takes(b => Function(b, BtfLinkage.Global)),
            Float = Takes(b => b.AddFloat("float", 4)),
            DeclTag = Takes(b => b.AddDeclTag("tag", b.AddVariable("x", 1, BtfLinkage.Static))),
            TypeTag = Takes(b => b.AddPointer(b.AddTypeTag("tag", 1))),
            Enum64 = Takes(b =>
            {
                b.AddEnum("e", 8);
                b.AddEnumValue("A", 1);
            }),
            QuestionMarkDataSec = Takes(b => Section(b, "?.foo")),
        };
    }

    private static int Load(IBpfKernel kernel, BtfData btf, byte* log, int logSize)
    {
        fixed (byte* bytes = btf.RawBytes.Span)
        {
            BpfAttr attr = default;
            attr.btf_load.btf = (ulong)bytes;
            attr.btf_load.btf_size = (uint)btf.RawBytes.Length;
            attr.btf_load.btf_log_buf = (ulong)log;
            attr.btf_load.btf_log_size = (uint)logSize;
            attr.btf_load.btf_log_level = log == null ? 0u : 1u;

            // Up to btf_log_level, which every kernel with BTF knows.
            return kernel.Bpf(BpfCommand.BtfLoad, ref attr, 28);
        }
    }

    private static string Explain(IBpfKernel kernel, BtfData btf, int result)
    {
        const int LogSize = 1 << 20;
        byte* log = (byte*)NativeMemory.AllocZeroed(LogSize);
        try
        {
            int fd = Load(kernel, btf, log, LogSize);
            if (fd >= 0)
                kernel.Close(fd);
            int end = new ReadOnlySpan<byte>(log, LogSize).IndexOf((byte)0);
            string text = Marshal.PtrToStringUTF8((nint)log, end < 0 ? LogSize : end).TrimEnd();
            string last = text[(text.LastIndexOf('\n') + 1)..];
            return $"{BpfErrnoText.Name((BpfErrno)(-result))}{(last.Length > 0 ? $": {last}" : "")}";
        }
        finally
        {
            NativeMemory.Free(log);
        }
    }
}
