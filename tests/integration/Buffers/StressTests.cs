using LibbpfSharp.Tests.Integration.Attach;
using LibbpfSharp.Tests.Integration.Objects;

namespace LibbpfSharp.Tests.Integration.Buffers;

/// <summary>Attaching, detaching and reading at once, on Linux; the emulator's is among the unit tests.</summary>
public sealed class StressTests
{
    private const ulong GetPpid = 110; // on x86-64

    [Theory]
    [MemberData(nameof(LoaderCase.Linux), MemberType = typeof(LoaderCase))]
    public void Attach_detach_and_read(string @case) =>
        Summary.Write($"stress, {@case}: {BufferStress.Run(() => Load(@case), _ => AttachObject.GetParent(10))}");

    private static BpfObject Load(string @case)
    {
        using BpfObjectOpen open = LoaderCase.Open(@case, "streams");
        open.SetGlobal("target_call", GetPpid);
        open.SetGlobal("target_tgid", (uint)Environment.ProcessId);
        return open.Load();
    }
}
