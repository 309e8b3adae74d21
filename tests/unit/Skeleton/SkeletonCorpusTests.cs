using LibbpfSharp.Formats;
using LibbpfSharp.Formats.Objects;
using LibbpfSharp.Interop;
using LibbpfSharp.Skeleton;
using LibbpfSharp.Tests.Skeleton;
using LibbpfSharp.Tests.Unit.Formats.Objects;

namespace LibbpfSharp.Tests.Unit.Skeleton;

/// <summary>Objects of others, with all their types, and an object with the types of the whole kernel.</summary>
public sealed class SkeletonCorpusTests
{
    [Fact]
    public void Corpus_generates_and_compiles()
    {
        // All types of all objects are much for a quick run.
        string[] types = TestSettings.Ci ? ["*"] : [];
        IReadOnlyList<string> files = Corpus.Require();
        long size = 0;
        int refused = 0;
        foreach (string file in files)
        {
            byte[] bytes = File.ReadAllBytes(file);
            SkeletonOptions options = new() { ObjectName = BpfObjectFile.GetNameFromPath(file), ExtraTypes = types };

            // What no loader takes (the loaders' corpus test compares them) gets no class either, for the same reason.
            if (Record.Exception(() => BpfObjectFile.Parse(bytes, options.ObjectName)) is BpfObjectFormatException reason)
            {
                Assert.Equal(reason.Message, Assert.Throws<BpfObjectFormatException>(() => SkeletonGenerator.Generate(bytes, options)).Message);
                refused++;
                continue;
            }

            SkeletonResult result = SkeletonGenerator.Generate(bytes, options);
            size += result.Code.Length;
            GeneratedCode.Emit(result.Code);
        }

        Summary.Write($"skeletons of the corpus: {files.Count - refused} objects, {size >> 10} KiB of C#; {refused} have a format that no loader takes");
        Assert.True(refused < files.Count / 4, $"{refused} of {files.Count} objects are refused");
    }

    [Fact]
    public void Whole_kernel_generates_and_compiles()
    {
        int status = LinuxKernelBtf(out byte[] btf);
        if (status != 0)
            RequireKernel.Check("the kernel has no BTF that can be read");
        SkeletonResult result = SkeletonGenerator.Generate(WholeKernelObject.Make(btf), new()
        {
            ObjectName = "vmlinux",

            // All of it takes a compiler the better part of a minute.
            ExtraTypes = TestSettings.Ci ? ["*"] : ["sk_buff", "bpf_attr", "tcphdr"],
        });
        byte[] assembly = GeneratedCode.Emit(result.Code);
        string[] ids = [.. result.Diagnostics.GroupBy(d => d.Id).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Count()} of {g.Key}")];
        Summary.Write($"skeleton of the kernel's types: {result.Code.Length >> 10} KiB of C#, {assembly.Length >> 10} KiB compiled, warnings: {(ids.Length == 0 ? "none" : string.Join(", ", ids))}");
        Assert.DoesNotContain(result.Diagnostics, d => d.IsError);
        Assert.Contains("public struct SkBuff :", result.Code, StringComparison.Ordinal);
    }

    private static int LinuxKernelBtf(out byte[] btf)
    {
        btf = [];
        if (TestSettings.DenyHost || !OperatingSystem.IsLinux())
            return -1;
        int error = LinuxKernel.Instance.Facts.ReadBtf(null, out KernelBlob? blob);
        if (blob is null)
            return error == 0 ? -1 : error;
        btf = blob.Memory.ToArray();
        ((IDisposable)blob).Dispose();
        return 0;
    }
}
