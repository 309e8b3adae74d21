using System.Reflection;
using LibbpfSharp.Skeleton;
using LibbpfSharp.Tests.Skeleton;

namespace LibbpfSharp.Tests.Integration.Skeleton;

/// <summary>Generates a skeleton, compiles it with a program that uses it, and runs that on this kernel with both loaders.</summary>
public sealed class SkeletonRunTests
{
    private const string User = """
        #nullable enable
        using System;
        using LibbpfSharp;
        using LibbpfSharp.Maps;
        using Run;

        /// <summary>A user's program.</summary>
        public static class User
        {
            /// <summary>Uses the skeleton.</summary>
            public static string Use(BpfObjectOptions options)
            {
                using SkeletonRunOpen open = SkeletonRun.Open(options);
                open.Rodata.WatchedPid = (uint)Environment.ProcessId;
                open.Rodata.Enabled = true;
                open.Data.Step = 3;
                open.Maps.ByName.MaxEntries = 4;
                using SkeletonRun skel = open.Load();
                SkeletonRun.LayoutCheck.Run();
                if (!skel.Rodata.Enabled || skel.Rodata.WatchedPid != Environment.ProcessId)
                    return "rodata";
                skel.Maps.ByName.UpdateElem("enter", new SkeletonRun.Stats { Level = 9, Total = 77 }, BpfUpdateFlags.NoExist);
                if (skel.Maps.ByName.Map.MaxEntries != 4)
                    return "max_entries";
                var report = skel.Attach();
                if (report.Attached.Count != 1 || report.Attached[0] != "on_enter" || report.Skipped.Count != 1 || skel.Links.OnEnter is null || skel.Links.Pass is not null)
                    return "report: " + report;
                Environment.GetEnvironmentVariable("PATH");
                System.IO.File.Exists("/proc/self/status");
                skel.Detach();
                if (skel.Links.OnEnter is not null)
                    return "detach";
                if (skel.Bss.Seen == 0 || skel.Bss.Seen % 3 != 0)
                    return "seen " + skel.Bss.Seen;
                if (skel.Bss.Last.Kind != 5 || skel.Bss.Last.Level != 9 || skel.Bss.Last.Total != 77)
                    return "last " + skel.Bss.Last;
                if (!skel.Maps.ByName.LookupElem("enter", out SkeletonRun.Stats stats) || stats.Calls == 0 || stats.Level != 9 || skel.Maps.ByName.LookupElem("other", out _))
                    return "map " + stats;
                skel.Data.Step = 8;
                return skel.Data.Step == 8 && skel.Object.GetGlobal<ulong>("step") == 8 ? "good" : "step";
            }
        }
        """;

    [Theory]
    [InlineData(BpfLoader.Libbpf)]
    [InlineData(BpfLoader.Managed)]
    public void Skeleton_works_on_this_kernel(BpfLoader loader)
    {
        if (loader == BpfLoader.Libbpf)
            RequireKernel.Libbpf();
        else
            RequireKernel.Linux();
        byte[] bytes = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "objects", "skeleton_run.bpf.o"));
        SkeletonResult result = SkeletonGenerator.Generate(bytes, new() { ObjectName = "skeleton_run", Namespace = "Run", IsPublic = true });
        Assert.Empty(result.Diagnostics);
        Assembly assembly = GeneratedCode.Compile(result.Code, User);
        object? answer = assembly.GetType("User")!.GetMethod("Use")!.Invoke(null, [new BpfObjectOptions { Name = "skeleton_run", Kernel = TestKernels.Host, Loader = loader }]);
        Assert.Equal("good", answer);
    }
}
