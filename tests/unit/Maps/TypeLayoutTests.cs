using System.Runtime.CompilerServices;
using LibbpfSharp.Formats.Btf;
using LibbpfSharp.Maps;
using LibbpfSharp.Tests.Maps;

namespace LibbpfSharp.Tests.Unit.Maps;

public sealed class TypeLayoutTests
{
    [Fact]
    public void Padding_is_found_wherever_it_is()
    {
        Assert.Equal("1 to 3", TypeLayout.Of<PaddedKey>().DescribePadding());
        Assert.Equal("9 to 11", TypeLayout.Of<NestedPaddedKey>().DescribePadding());
        Assert.Equal("6 to 7", TypeLayout.Of<UnionKey>().DescribePadding());
        Assert.Equal("12 to 15", TypeLayout.Of<Tail>().DescribePadding());
        Assert.Equal("1 to 3, 9 to 11", TypeLayout.Of<Two>().DescribePadding());
    }

    [Fact]
    public void Types_without_padding_have_none()
    {
        Assert.Null(TypeLayout.Of<int>().DescribePadding());
        Assert.Null(TypeLayout.Of<Int128>().DescribePadding());
        Assert.Null(TypeLayout.Of<Guid>().DescribePadding());
        Assert.Null(TypeLayout.Of<DayOfWeek>().DescribePadding());
        Assert.Null(TypeLayout.Of<nint>().DescribePadding());
        Assert.Null(TypeLayout.Of<ExplicitKey>().DescribePadding());
        Assert.Null(TypeLayout.Of<PackedKey>().DescribePadding());
        Assert.Null(TypeLayout.Of<Bytes12>().DescribePadding());
        Assert.Null(TypeLayout.Of<MixedKey>().DescribePadding());
        Assert.Null(TypeLayout.Of<(uint A, uint B)>().DescribePadding());
        Assert.Null(TypeLayout.Of<BpfIPv4Prefix>().DescribePadding());
        Assert.Null(TypeLayout.Of<BpfIPv6Prefix>().DescribePadding());
        Assert.Equal(20, TypeLayout.Of<BpfIPv6Prefix>().Size);
        Assert.Null(TypeLayout.Of<Big>().DescribePadding());
    }

    [Fact]
    public void Leaves_have_the_places_of_the_fields()
    {
        TypeLayout layout = TypeLayout.Of<NestedPaddedKey>();
        Assert.Equal([new TypeLeaf(0, 8, false, "Id"), new TypeLeaf(8, 1, false, "Inner.Kind"), new TypeLeaf(12, 4, false, "Inner.Number")], layout.Leaves!);
        Assert.Equal([new TypeLeaf(0, 4, true, "")], TypeLayout.Of<float>().Leaves!);
        Assert.Equal(8, TypeLayout.Of<Words8>().Leaves!.Count);
        Assert.Null(TypeLayout.Of<Big>().Leaves);
    }

    [Fact]
    public void Btf_and_type_are_compared_number_by_number()
    {
        var builder = new BtfBuilder();
        uint u32 = builder.AddInt("unsigned int", 4);
        uint u8 = builder.AddInt("unsigned char", 1);
        uint f64 = builder.AddFloat("double", 8);
        uint bytes = builder.AddArray(u8, u32, 16);
        uint record = builder.AddStruct("event", 32);
        builder.AddMember("pid", u32, 0);
        builder.AddMember("tid", u32, 32);
        builder.AddMember("comm", bytes, 64);
        builder.AddMember("load", f64, 192);
        BtfData btf = builder.Build();
        Assert.Empty(BtfComparison.Differences(btf, record, TypeLayout.Of<GoodEvent>()));
        Assert.Empty(BtfComparison.Differences(btf, record, TypeLayout.Of<OpaqueEvent>()));
        IReadOnlyList<string> wrong = BtfComparison.Differences(btf, record, TypeLayout.Of<WrongEvent>());
        Assert.Equal(3, wrong.Count);
        Assert.Contains("'pid' is an integer of 4 bytes at byte 0", wrong[0], StringComparison.Ordinal);
        Assert.Contains("'Both', 8 bytes, at byte 0", wrong[0], StringComparison.Ordinal);
        Assert.Contains("'load' is a floating-point number", wrong[2], StringComparison.Ordinal);
    }

#pragma warning disable CS0649 // only their layout matters
    private struct Tail
    {
        public ulong A;
        public uint Last;
    }

    private struct Two
    {
        public byte A;
        public uint B;
        public byte C;
        public uint D;
    }

    private struct GoodEvent
    {
        public int Pid;
        public uint Tid;
        public Guid Comm;
        public double Load;
    }

    private struct OpaqueEvent
    {
        public Bytes12 First;
        public Bytes12 Second;
        public double Load;
    }

    private struct WrongEvent
    {
        public ulong Both;
        public Guid Comm;
        public ulong Load;
    }

    [InlineArray(20_000)]
    private struct Big
    {
        private uint _first;
    }
}
