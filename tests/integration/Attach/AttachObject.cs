using System.Runtime.InteropServices;
using LibbpfSharp.Interop;
using LibbpfSharp.Tests.Integration.Objects;

namespace LibbpfSharp.Tests.Integration.Attach;

/// <summary>tests/objects/attach.bpf.o with one program loaded, by either loader; the program counts what this process does.</summary>
internal sealed partial class AttachObject : IDisposable
{
    private AttachObject(BpfObject obj, string program)
    {
        Object = obj;
        Program = obj.Programs[program];
    }

    /// <summary>Both loaders, for theories.</summary>
    public static TheoryData<BpfLoader> Loaders => new(BpfLoader.Libbpf, BpfLoader.Managed);

    public BpfObject Object { get; }

    public BpfProgram Program { get; }

    public ulong Hits => Object.GetGlobal<ulong>("hits");

    public ulong Last => Object.GetGlobal<ulong>("last");

    /// <summary>Loads one program of the object.</summary>
    public static AttachObject Load(BpfLoader loader, string program, Action<BpfObjectOpen>? edit = null) =>
        Load(loader == BpfLoader.Libbpf ? LoaderCase.Libbpf : LoaderCase.Managed, program, edit);

    /// <summary>Loads one program of the object by one of <see cref="LoaderCase.All"/>.</summary>
    public static AttachObject Load(string @case, string program, Action<BpfObjectOpen>? edit = null)
    {
        using BpfObjectOpen open = LoaderCase.Open(@case, "attach");
        foreach (BpfProgramDefinition candidate in open.Programs)
            candidate.AutoLoad = candidate.Name == program;
        open.SetGlobal("target_pid", (uint)Environment.ProcessId);
        edit?.Invoke(open);
        return new AttachObject(open.Load(), program);
    }

    /// <summary>Loads a program that this kernel may refuse; a listed refusal skips the test.</summary>
    public static AttachObject LoadOrExcuse(BpfLoader loader, string program, string feature, Action<BpfObjectOpen>? edit = null)
    {
        AttachObject? loaded = null;
        int result = 0;
        try
        {
            loaded = Load(loader, program, edit);
        }
        catch (BpfException e)
        {
            result = -(int)e.Errno;
            if (!HostExceptions.IsListed(feature))
                throw;
        }

        Excuse(feature, result, loaded);
        return loaded!;
    }

    /// <summary>Attaches by a call that this kernel may refuse; a listed refusal skips the test.</summary>
    public BpfLink AttachOrExcuse(string feature, Func<BpfLink> attach)
    {
        BpfLink? link = null;
        int result = 0;
        try
        {
            link = attach();
        }
        catch (BpfException e)
        {
            result = -(int)e.Errno;
            if (!HostExceptions.IsListed(feature))
                throw;
        }

        Excuse(feature, result, link);
        return link!;
    }

    /// <summary>Makes this process issue getppid(2).</summary>
    public static void GetParent(int times = 1)
    {
        for (int i = 0; i < times; i++)
            GetPpid();
    }

    /// <summary>Checks that the program sees what happens while it is attached, and nothing afterwards.</summary>
    public void CountsWhile(BpfLink link, Action happening)
    {
        using (link)
        {
            happening();
            Assert.True(Hits > 0, $"{link} saw nothing");
        }

        ulong hits = Hits;
        happening();
        Assert.Equal(hits, Hits);
    }

    public void Dispose() => Object.Dispose();

    private static void Excuse(string feature, int result, IDisposable? made)
    {
        try
        {
            HostExceptions.Check(feature, result);
        }
        catch
        {
            made?.Dispose();
            throw;
        }
    }

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int GetPpid();
}
