using LibbpfSharp.Interop;

namespace LibbpfSharp.Tests.Unit.Interop;

public sealed class CpuListTests
{
    [Theory]
    [InlineData("0", new[] { 0 })]
    [InlineData("0-1\n", new[] { 0, 1 })]
    [InlineData("0-3,8,10-11", new[] { 0, 1, 2, 3, 8, 10, 11 })]
    [InlineData("5,1-2,2", new[] { 1, 2, 5 })]
    public void Parses_the_lists_of_the_kernel(string text, int[] expected) => Assert.Equal(expected, CpuList.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("x")]
    [InlineData("3-1")]
    [InlineData("-1")]
    [InlineData("0-")]
    [InlineData("0-99999999")]
    public void Refuses_what_is_no_list(string text) => Assert.Throws<FormatException>(() => CpuList.Parse(text));

    [Theory]
    [InlineData("6.18.44-fc-v509", "6.18.44")]
    [InlineData("6.12.9-amd64", "6.12.9")]
    [InlineData("5.4", "5.4.0")]
    [InlineData("6", "6.0.0")]
    [InlineData("7.0-rc1", "7.0.0")]
    [InlineData("nonsense", "0.0.0")]
    public void Parses_releases(string text, string expected) => Assert.Equal(Version.Parse(expected), KernelVersionText.Parse(text));
}
