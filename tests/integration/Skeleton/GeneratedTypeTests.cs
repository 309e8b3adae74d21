using LibbpfSharp.CTypes;
using LibbpfSharp.Tests.Integration.Objects;
using LibbpfSharp.Tests.Skeletons;

namespace LibbpfSharp.Tests.Integration.Skeleton;

/// <summary>Values written by generated code are read by programs member by member, and the other way.</summary>
public sealed class GeneratedTypeTests
{
    private static readonly byte[] s_packet = new byte[64];

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void Packed_and_aligned_structs(string @case)
    {
        using PackedOpen open = Packed.Open(TestObjects.Read("skeleton/packed"), LoaderCase.Options(@case));
        using Packed skel = open.Load();
        Packed.LayoutCheck.Run();
        Packed.Five five = new() { Tag = 7, Value = 0xdead_beef };
        skel.Bss.NineteenIn = new() { First = 1, Wide = 0x1122_3344_5566_7788, Seven = new() { Half = 9, Five = five }, Flag = true, Last = 0xabcd };
        skel.Bss.OverIn = new() { A = 5, B = 6 };
        skel.Bss.MemberIn = new() { A = 7, B = 8 };
        skel.Bss.ArrayIn.Count = 2;
        skel.Bss.ArrayIn.Items[0] = five;
        skel.Bss.ArrayIn.Items[2].Value = 77;
        skel.Bss.BothIn = new() { A = 1, B = ulong.MaxValue - 1 };

        Assert.Equal(0u, skel.Programs.Copy.Program.TestRun(s_packet).ReturnValue);

        Assert.Equal(skel.Bss.NineteenIn, skel.Bss.NineteenOut);
        Assert.Equal(skel.Bss.OverIn, skel.Bss.OverOut);
        Assert.Equal(skel.Bss.MemberIn, skel.Bss.MemberOut);
        Assert.Equal(skel.Bss.ArrayIn, skel.Bss.ArrayOut);
        Assert.Equal(skel.Bss.BothIn, skel.Bss.BothOut);
        Assert.Equal((true, 0xabcd, 77u), (skel.Bss.NineteenOut.Flag, skel.Bss.NineteenOut.Last, skel.Bss.ArrayOut.Items[2].Value));
        Assert.Contains("Seven = Seven { Half = 9, Five = Five { Tag = 7, Value = 3735928559 } }", skel.Bss.NineteenOut.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void Structs_with_holes(string @case)
    {
        using PaddingOpen open = Padding.Open(TestObjects.Read("skeleton/padding"), LoaderCase.Options(@case));
        using Padding skel = open.Load();
        skel.Bss.In.Head = 1;
        skel.Bss.In.Inner = new() { A = 2, B = 3, C = 4 };
        skel.Bss.In.Place.Y = 6;
        skel.Bss.In.Twice.Deep.Q = 8;
        skel.Bss.In.Twice.P = 7;
        skel.Bss.In.Tail = 9;
        skel.Bss.TypedIn = new() { Id = 10, Kind = 11 };
        skel.Bss.EmptyIn.Some = 12;

        skel.Programs.Copy.Program.TestRun(s_packet);

        Assert.Equal(skel.Bss.In, skel.Bss.Out);
        Assert.Equal(new Padding.ByTypedef { Id = 10, Kind = 11 }, skel.Bss.TypedOut);
        Assert.Equal(12u, skel.Bss.EmptyOut.Some);
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void Bitfields_of_all_sorts(string @case)
    {
        using BitfieldsOpen open = Bitfields.Open(TestObjects.Read("skeleton/bitfields"), LoaderCase.Options(@case));
        using Bitfields skel = open.Load();
        skel.Bss.FlagsIn = new()
        {
            A = 1, B = 2, C = 31, Negative = -32, Level = Bitfields.Level.High, Yes = true, Wide = (1UL << 40) | 5, SignedWide = -(1L << 32), After = 0x5a, Whole = 0xbeef,
        };
        skel.Bss.CrossingIn = new() { A = 0x3fff_fffe, B = 0x2aaa_aaaa, C = -(1L << 59), D = 0x55 };
        skel.Bss.OverlaidIn.Both = 0xa5;

        skel.Programs.Copy.Program.TestRun(s_packet);

        Bitfields.Flags flags = skel.Bss.FlagsOut;
        Assert.Equal(skel.Bss.FlagsIn, flags);
        Assert.Equal((1u, 2u, 31u, -32, true), (flags.A, flags.B, flags.C, flags.Negative, flags.Yes));
        Assert.Equal((Bitfields.Level.High, (1UL << 40) | 5, -(1L << 32), (byte)0x5a, (ushort)0xbeef), (flags.Level, flags.Wide, flags.SignedWide, flags.After, flags.Whole));
        Assert.Equal(skel.Bss.CrossingIn, skel.Bss.CrossingOut);
        Assert.Equal((0x2aaa_aaaau, -(1L << 59)), (skel.Bss.CrossingOut.B, skel.Bss.CrossingOut.C));
        Assert.Equal(0x5a, skel.Bss.OverlaidOut.Both);
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void Unions_overlap(string @case)
    {
        using UnionsOpen open = Unions.Open(TestObjects.Read("skeleton/unions"), LoaderCase.Options(@case));
        using Unions skel = open.Load();
        skel.Bss.In = new() { Family = 2, High = 0x0102_0304_0506_0708, Low = 9 };
        skel.Bss.In.Number.Real = 1.5;
        skel.Bss.In.Named.Split.First = 1;
        skel.Bss.In.Named.Split.Second = 2;
        skel.Bss.StructsIn.Two = new() { B = 1, A = 2 };
        skel.Bss.Collision.Value = 44;

        skel.Programs.Copy.Program.TestRun(s_packet);

        Assert.Equal(skel.Bss.In, skel.Bss.Out);
        Assert.Equal((0x0506_0708u, 8, 1.5, 0x201), (skel.Bss.Out.V4, skel.Bss.Out.Raw[0], skel.Bss.Out.Number.Real, skel.Bss.Out.Named.Port));
        Assert.Equal(BitConverter.DoubleToUInt64Bits(1.5), skel.Bss.Out.Number.Whole);
        Assert.Equal(0x201u, skel.Bss.StructsOut.One.A);
        Assert.Equal(44u, skel.Bss.Collision.Value2);
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void Arrays_and_text(string @case)
    {
        using ArraysOpen open = Arrays.Open(TestObjects.Read("skeleton/arrays"), LoaderCase.Options(@case));
        using Arrays skel = open.Load();
        ref Arrays.Arrays2 input = ref skel.Bss.In;
        for (int i = 0; i < Arrays.UInt32Array3.Length; i++)
        {
            input.Numbers[i] = (uint)i + 1;
            input.Matrix[0][i] = (short)-i;
            input.Matrix[1][i] = (short)(10 + i);
        }

        input.Items[1] = new() { Id = 3, Name = "ünö" };
        input.Text = "a text of 15 B.";
        input.Lines[1] = "line";
        input.Flags[0] = 1;
        input.Raw[4] = 250;
        input.Single[0] = (byte)'!';
        input.Anonymous[0].B = 17;
        input.Reals[0] = 0.25f;
        Assert.Throws<ArgumentException>(() => skel.Bss.In.Text = "a text of 16 B..");

        skel.Programs.Copy.Program.TestRun(s_packet);

        ref Arrays.Arrays2 output = ref skel.Bss.Out;
        Assert.Equal([1u, 2u, 3u], output.Numbers.AsReadOnlySpan().ToArray());
        Assert.Equal([10, 11, 12], output.Matrix[0].AsReadOnlySpan().ToArray().Select(x => (int)x));
        Assert.Equal(-2, output.Matrix[1][2]);
        Assert.Equal((3, "ünö"), (output.Items[0].Id, output.Items[0].Name.ToString()));
        Assert.Equal(("a text of 15 B.", "", "line"), (output.Text.ToString(), output.Lines[0].ToString(), output.Lines[1].ToString()));
        Assert.Equal((1, 250, (byte)'!', 17u, 0.25f), (output.Flags[3], output.Raw[4], output.Single[0], output.Anonymous[1].B, output.Reals[1]));
        Assert.Equal(1u, (uint)skel.Bss.Totals[3]);

        byte[] record = [2, 0, 0, 0, 1, 0, 0, 0, 5, 6];
        Assert.Equal([5, 6], Arrays.Record.Payload(record).ToArray());
        Assert.Equal(3, Arrays.OldRecord.Items(new byte[4 + (3 * Arrays.Item.ByteSize) + 1]).Length);
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void Enumerations(string @case)
    {
        using EnumsOpen open = Enums.Open(TestObjects.Read("skeleton/enums"), LoaderCase.Options(@case));
        using Enums skel = open.Load();
        skel.Bss.In = new()
        {
            Plain = (Enums.Plain)77, WithSign = Enums.WithSign.Minus, Bits = Enums.Bits.A | Enums.Bits.C, Wide = (Enums.Wide)(1UL << 63), WideSigned = unchecked((Enums.WideSigned)(-long.MaxValue)),
            Tiny = Enums.Tiny.Many, Twice = Enums.Twice.AlsoFirst, Mixed = Enums.Mixed.Mixed3D, OnlyTypedef = Enums.OnlyTypedef.Y, Local = Enums.Constants.LocalTwo,
        };

        skel.Programs.Copy.Program.TestRun(s_packet);

        Assert.Equal(skel.Bss.In, skel.Bss.Out);
        Assert.Equal(("77", -1, 0x8000_0001u), (skel.Bss.Out.Plain.ToString(), (int)skel.Bss.Out.WithSign, (uint)skel.Bss.Out.Bits));
        Assert.Equal((1UL << 63, -long.MaxValue, 255), ((ulong)skel.Bss.Out.Wide, unchecked((long)skel.Bss.Out.WideSigned), (int)skel.Bss.Out.Tiny));
        Assert.Equal(-1, skel.Data.Anonymous);
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void Numbers_of_all_sizes_and_constants(string @case)
    {
        using ScalarsOpen open = Scalars.Open(TestObjects.Read("skeleton/scalars"), LoaderCase.Options(@case));
        Assert.True(open.Rodata.ConstantFlag);
        open.Rodata.Constant -= 3;
        using Scalars skel = open.Load();
        skel.Bss.In = new()
        {
            U8 = 255, S8 = -128, U16 = 65535, S16 = -32768, U32 = uint.MaxValue, S32 = int.MinValue, U64 = ulong.MaxValue, S64 = long.MinValue, PlainChar = 1, Uchar = 255, Schar = -1,
            Flag = true, NativeLong = -1, NativeUlong = 1, Longest = -2, Real = float.Epsilon, LongReal = double.MaxValue, Wide = UInt128.MaxValue - 1, WideSigned = Int128.MinValue, Be16 = 1, Be32 = 2,
        };

        uint result = skel.Programs.Copy.Program.TestRun(s_packet).ReturnValue;

        Assert.Equal(unchecked((uint)-1), result);
        Assert.Equal(-8, skel.Rodata.Constant);
        Assert.Equal(skel.Bss.In, skel.Bss.Out);
        Assert.Equal(skel.Bss.In.GetHashCode(), skel.Bss.Out.GetHashCode());
        Assert.Equal((UInt128.MaxValue - 1, Int128.MinValue, UInt128.MaxValue), (skel.Bss.Out.Wide, skel.Bss.Out.WideSigned, skel.Bss.GlobalWide));
        Assert.Equal((true, (byte)'y'), (skel.Bss.GlobalFlag, (byte)skel.Data.GlobalChar));
        skel.Bss.GlobalFlag = false;
        skel.Programs.Copy.Program.TestRun(s_packet);
        Assert.True(skel.Bss.GlobalFlag);
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void Pointers_are_eight_bytes(string @case)
    {
        using PointersOpen open = Pointers.Open(TestObjects.Read("skeleton/pointers"), LoaderCase.Options(@case));
        using Pointers skel = open.Load();
        skel.Bss.In.Nothing = new(0x1234);
        skel.Bss.In.Target = new BpfPtr<Pointers.Target>(ulong.MaxValue);
        skel.Bss.In.Array[0] = new(5);
        skel.Bss.In.Number = 8;
        skel.Bss.In.List.Count = 1;
        skel.Bss.Value.Value = 2;

        skel.Programs.Copy.Program.TestRun(s_packet);

        Assert.Equal((new BpfPtr(0x1234), new BpfPtr<Pointers.Target>(ulong.MaxValue)), (skel.Bss.Out.Nothing, skel.Bss.Out.Target));
        Assert.Equal((5UL, 8u, 3UL), (skel.Bss.Out.Array[1].Address, skel.Bss.Out.Changing, skel.Bss.Out.List.Count));
        Assert.True(skel.Bss.Limited.IsNull);
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void Kernel_fields_are_left_to_the_kernel(string @case)
    {
        using KernelFieldsOpen open = KernelFields.Open(TestObjects.Read("skeleton/kernel_fields"), LoaderCase.Options(@case));
        using KernelFields skel = open.Load();
        KernelFields.Locked wanted = new() { Before = 5, Value = 2 };
        skel.Maps.Locked.UpdateElem(1, wanted);

        Assert.Equal(0u, skel.Programs.Touch.Program.TestRun(s_packet).ReturnValue);

        Assert.True(skel.Maps.Locked.LookupElem(1, out KernelFields.Locked value));
        Assert.Equal((5UL, 7u), (value.Before, value.Value));
        wanted.Value = 7;
        Assert.Equal(wanted, value); // the lock reads as zeros
    }

    [Theory]
    [MemberData(nameof(LoaderCase.All), MemberType = typeof(LoaderCase))]
    public void Types_in_many_places_are_one_type(string @case)
    {
        using SharedTypesOpen open = SharedTypes.Open(TestObjects.Read("skeleton/shared_types"), LoaderCase.Options(@case));
        using SharedTypes skel = open.Load();
        skel.Bss.Start = new() { X = 10, Y = 20 };
        skel.Bss.Last.Corners[3] = skel.Rodata.Fixed;
        skel.Bss.Last.Form = 1;
        skel.Maps.Points.UpdateElem(0, skel.Bss.Start);

        skel.Programs.Move.Program.TestRun(s_packet);

        SharedTypes.Point end = skel.Bss.End;
        Assert.Equal(new SharedTypes.Point { X = 23, Y = 44 }, end);
        Assert.True(skel.Maps.Shapes.LookupElem(end, out SharedTypes.Shape shape));
        Assert.Equal((3, 1u), (shape.Corners[3].X, shape.Form));
    }
}
