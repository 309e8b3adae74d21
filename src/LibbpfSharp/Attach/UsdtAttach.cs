using LibbpfSharp.Formats;
using LibbpfSharp.Formats.Binaries;
using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Interop;
using LibbpfSharp.Maps;

namespace LibbpfSharp;

/// <summary>
/// USDT: uprobes at the places that a binary's notes name, with the arguments' places in the maps of libbpf's usdt.bpf.h.
/// The layout of those maps comes from the object's BTF, so any release of the header and any loader go together.
/// </summary>
internal static class UsdtAttach
{
    private const string SpecsMap = "__bpf_usdt_specs";

    public static BpfLink Attach(BpfProgram program, string binary, string provider, string name, int processId, ulong cookie)
    {
        AttachErrors.RequireType(program, "a USDT probe", BpfProgramType.Kprobe);
        string target = $"USDT probe '{provider}:{name}' of '{binary}'";
        if (program.Owner is not { } owner || owner.FindMap(SpecsMap) is not { } specs || owner.Btf is not { } btf)
            throw AttachErrors.Refused(program, -(int)BpfErrno.ENOENT, target, "Its object has no map __bpf_usdt_specs: USDT programs include <bpf/usdt.bpf.h> and are loaded from an object.");
        string path = BinaryFiles.Resolve(program, binary);
        ElfBinary elf = BinaryFiles.Read(program, path);
        UsdtProbe[] probes;
        UsdtSpecLayout layout;
        byte[][] encoded;
        try
        {
            probes = [.. elf.ReadUsdtProbes().Where(p => p.Provider == provider && p.Name == name)];
            layout = UsdtSpecLayout.Find(btf);
            encoded = [.. probes.Select(p => layout.Encode(p.ParseArguments(elf.Machine), cookie))];
        }
        catch (Exception e) when (e is BpfObjectFormatException or NotSupportedException)
        {
            throw new BpfException(BpfErrno.EINVAL, $"attaching to {target}", program.Subject, e.Message, e);
        }

        if (probes.Length == 0)
            throw AttachErrors.Refused(program, -(int)BpfErrno.ENOENT, target, "The binary has no such probe: readelf -n lists those it has.");
        UsdtSpecIds ids = owner.UsdtSpecIds;
        uint[] specIds = ids.Take(encoded.Length, specs.MaxEntries)
            ?? throw AttachErrors.Refused(program, -(int)BpfErrno.E2BIG, target, $"Map {SpecsMap} holds {specs.MaxEntries} places: define BPF_USDT_MAX_SPEC_CNT larger before including usdt.bpf.h.");
        try
        {
            for (int i = 0; i < probes.Length; i++)
                specs.UpdateElem(BitConverter.GetBytes(specIds[i]), encoded[i]);
            return program.ExpectedAttachType is BpfAttachType.TraceUprobeMulti
                ? Group(program, target, [Multi(program, path, probes, specIds, processId, target)], () => ids.Return(specIds))
                : Group(program, target, OneByOne(program, path, probes, specIds, processId, target), () => ids.Return(specIds));
        }
        catch
        {
            ids.Return(specIds);
            throw;
        }
    }

    private static BpfLink Multi(BpfProgram program, string path, UsdtProbe[] probes, uint[] specIds, int processId, string target) =>
        MultiProbeAttach.Uprobes(
            program,
            path,
            [.. probes.Select(p => p.FileOffset)],
            [.. probes.Select(p => p.SemaphoreOffset)],
            [.. specIds.Select(id => (ulong)id)],
            false,
            processId,
            target);

    private static List<BpfLink> OneByOne(BpfProgram program, string path, UsdtProbe[] probes, uint[] specIds, int processId, string target)
    {
        // The program finds its spec by the probe's cookie; before cookies (5.15) by the address in the process, which
        // only a probe of one known process has.
        if (program.Kernel.Facts.Release < new Version(5, 15))
            throw new BpfUnsupportedFeatureException("USDT probes by attach cookie", new Version(5, 15), program.Kernel.Name, program.Subject);
        var links = new List<BpfLink>(probes.Length);
        try
        {
            for (int i = 0; i < probes.Length; i++)
                links.Add(ProbeAttach.Uprobe(program, path, probes[i].FileOffset, false, processId, specIds[i], probes[i].SemaphoreOffset, target));
        }
        catch
        {
            links.ForEach(link => link.Dispose());
            throw;
        }

        return links;
    }

    private static BpfLink Group(BpfProgram program, string target, IReadOnlyList<BpfLink> links, Action ended) =>
        BpfLink.FromAction(program.Kernel, $"{program.Subject} on {target}", null, () =>
        {
            foreach (BpfLink link in links)
                link.Dispose();
            ended();
            return 0;
        });
}
