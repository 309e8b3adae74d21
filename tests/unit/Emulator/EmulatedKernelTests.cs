using LibbpfSharp.Emulator;
using LibbpfSharp.Interop;

namespace LibbpfSharp.UnitTests.Emulator;

public sealed unsafe class EmulatedKernelTests
{
    [Fact]
    public void An_array_map_is_made_written_read_and_closed()
    {
        using var kernel = new EmulatedKernel();
        var attr = new BpfAttr();
        attr.map_create.map_type = (uint)BpfMapType.Array;
        attr.map_create.key_size = 4;
        attr.map_create.value_size = 8;
        attr.map_create.max_entries = 4;
        int fd = kernel.Bpf(BpfCommand.MapCreate, ref attr, BpfAttr.ByteSize);
        Assert.True(fd >= EmulatedKernel.FirstDescriptor);
        uint key = 3;
        ulong value = 42, read = 0;
        attr = new BpfAttr();
        attr.map_elem.map_fd = (uint)fd;
        attr.map_elem.key = (ulong)&key;
        attr.map_elem.value = (ulong)&value;
        Assert.Equal(0, kernel.Bpf(BpfCommand.MapUpdateElem, ref attr, 32));
        attr.map_elem.value = (ulong)&read;
        Assert.Equal(0, kernel.Bpf(BpfCommand.MapLookupElem, ref attr, BpfAttr.ByteSize));
        Assert.Equal(42ul, read);
        Assert.Equal(0, kernel.Close(fd));
        Assert.Equal(-9, kernel.Bpf(BpfCommand.MapLookupElem, ref attr, 32));
        Assert.Equal(0, kernel.OpenDescriptors);
    }
}
