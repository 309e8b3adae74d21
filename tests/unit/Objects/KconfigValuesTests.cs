using LibbpfSharp.Formats.Objects;

namespace LibbpfSharp.Tests.Unit.Objects;

public sealed class KconfigValuesTests
{
    [Fact]
    public void Overrides_go_first_and_comments_are_passed_over()
    {
        Dictionary<string, string> values = KconfigValues.Read("# CONFIG_A is not set\nCONFIG_B=y\r\nCONFIG_C=\"x\"\nNOISE=1\n", "CONFIG_B=m\nCONFIG_D=5");
        Assert.Equal("m", values["CONFIG_B"]);
        Assert.Equal("\"x\"", values["CONFIG_C"]);
        Assert.Equal("5", values["CONFIG_D"]);
        Assert.Equal(3, values.Count);
    }

    [Theory]
    [InlineData(BpfKconfigType.Bool, 1, false, "y", "01")]
    [InlineData(BpfKconfigType.Bool, 1, false, "n", "00")]
    [InlineData(BpfKconfigType.Tristate, 4, false, "m", "02000000")]
    [InlineData(BpfKconfigType.Tristate, 4, false, "y", "01000000")]
    [InlineData(BpfKconfigType.Char, 1, false, "m", "6D")]
    [InlineData(BpfKconfigType.Integer, 4, true, "-2", "FEFFFFFF")]
    [InlineData(BpfKconfigType.Integer, 8, false, "0xffffffff81000000", "00000081FFFFFFFF")]
    [InlineData(BpfKconfigType.Integer, 2, false, "65535", "FFFF")]
    [InlineData(BpfKconfigType.CharArray, 4, false, "\"abcdef\"", "61626300")]
    public void Value_is_written_as_declared(BpfKconfigType type, int size, bool signed, string value, string expected)
    {
        byte[] place = new byte[size];
        KconfigValues.Write(Spec(type, size, signed), place, value, "o");
        Assert.Equal(expected, Convert.ToHexString(place));
    }

    [Theory]
    [InlineData(BpfKconfigType.Bool, 1, false, "m")]
    [InlineData(BpfKconfigType.Integer, 4, false, "y")]
    [InlineData(BpfKconfigType.Integer, 2, false, "65536")]
    [InlineData(BpfKconfigType.Integer, 4, false, "-1")]
    [InlineData(BpfKconfigType.Integer, 4, true, "2147483648")]
    [InlineData(BpfKconfigType.Integer, 4, true, "many")]
    [InlineData(BpfKconfigType.CharArray, 8, false, "5")]
    [InlineData(BpfKconfigType.Integer, 4, false, "\"text\"")]
    [InlineData(BpfKconfigType.CharArray, 8, false, "\"open")]
    public void Value_that_does_not_fit_is_refused_by_name(BpfKconfigType type, int size, bool signed, string value) =>
        Assert.Contains("CONFIG_X", Assert.Throws<BpfException>(() => KconfigValues.Write(Spec(type, size, signed), new byte[size], value, "o")).Message, StringComparison.Ordinal);

    private static BpfExternSpec Spec(BpfKconfigType type, int size, bool signed) => new()
    {
        Name = "CONFIG_X",
        EssentialName = "CONFIG_X",
        Kind = BpfExternKind.Kconfig,
        KconfigType = type,
        Size = (uint)size,
        IsSigned = signed,
    };
}
