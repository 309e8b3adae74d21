using LibbpfSharp.Formats;
using LibbpfSharp.Formats.Instructions;
using LibbpfSharp.Formats.Objects;
using static LibbpfSharp.Formats.Instructions.BpfRegister;

namespace LibbpfSharp.Tests.Unit.Formats;

public sealed class KernelVersionsTests
{
    [Theory]
    [InlineData(BpfHelperId.MapLookupElem, "3.19")]
    [InlineData(BpfHelperId.TailCall, "4.2")]
    [InlineData(BpfHelperId.ProbeReadKernel, "5.5")]
    [InlineData(BpfHelperId.RingbufOutput, "5.8")]
    [InlineData(BpfHelperId.ForEachMapElem, "5.13")]
    [InlineData(BpfHelperId.Loop, "5.17")]
    [InlineData(BpfHelperId.MapLookupPercpuElem, "5.19")]
    [InlineData(BpfHelperId.UserRingbufDrain, "6.1")]
    [InlineData(BpfHelperId.CgrpStorageDelete, "6.2")]
    [InlineData((BpfHelperId)212, null)]
    [InlineData(BpfHelperId.Unspec, null)]
    public void Helpers(BpfHelperId helper, string? version) => Assert.Equal(version, KernelVersions.OfHelper(helper)?.ToString());

    [Fact]
    public void Every_map_and_program_type_up_to_Linux_6_18_has_a_version()
    {
        for (uint type = 1; type <= 33; type++)
            Assert.NotNull(KernelVersions.OfMapType(type));
        for (uint type = 1; type <= 32; type++)
            Assert.NotNull(KernelVersions.OfProgramType(type));
        Assert.Equal((new Version(5, 8), new Version(6, 9)), (KernelVersions.OfMapType(27), KernelVersions.OfMapType(33)));
        Assert.Equal((new Version(4, 8), new Version(5, 14)), (KernelVersions.OfProgramType(6), KernelVersions.OfProgramType(31)));
        Assert.Null(KernelVersions.OfMapType(99));
        Assert.Equal(new Version(6, 6), KernelVersions.OfAttachType(BpfSectionName.Parse("tcx/ingress").ExpectedAttachType!.Value));
    }

    [Fact]
    public void Instructions()
    {
        Version? version(BpfAssembler assembler) => KernelVersions.OfInstruction(assembler.Build()[0]);

        Assert.Null(version(new BpfAssembler().Mov(R0, 0)));
        Assert.Null(version(new BpfAssembler().Atomic(BpfAtomicOperation.Add, BpfSize.Word, R1, 0, R2)));
        Assert.Equal(new(5, 12), version(new BpfAssembler().Atomic(BpfAtomicOperation.FetchAdd, BpfSize.Word, R1, 0, R2)));
        Assert.Equal(new(6, 6), version(new BpfAssembler().SignedDiv(R0, R1)));
        Assert.Equal(new(6, 6), version(new BpfAssembler().MovSigned(R0, R1, 8)));
        Assert.Equal(new(6, 9), version(new BpfAssembler().AddressSpaceCast(R0, R1, 0, 1)));
        Assert.Equal(new(6, 6), version(new BpfAssembler().LoadSigned(BpfSize.Byte, R0, R1, 0)));
        Assert.Equal(new(5, 1), version(new BpfAssembler().Jeq32(R0, 0, "l").Label("l").Exit()));
        Assert.Equal(new(6, 15), version(new BpfAssembler().LoadAcquire(BpfSize.Word, R0, R1, 0)));
        Assert.Equal(new(5, 17), version(new BpfAssembler().Call(BpfHelperId.Loop)));
    }

    [Fact]
    public void Object_has_requirements_youngest_first()
    {
        IReadOnlyList<BpfKernelRequirement> calls = BpfKernelRequirement.Of(TestObjects.Parse("calls"));
        Assert.Equal(new(new Version(5, 17), "helper bpf_loop", "second"), calls[0]);
        Assert.Contains(calls, r => r.Feature == "callbacks" && r.Version == new Version(5, 13));
        Assert.Equal(calls.Count, calls.Select(r => r.Feature).Distinct().Count());
        Assert.Equal(new(new Version(5, 16), "map type BLOOM_FILTER", "bloom"), BpfKernelRequirement.Of(TestObjects.Parse("maps"))[0]);
    }
}
