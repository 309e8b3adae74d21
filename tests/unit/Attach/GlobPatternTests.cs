namespace LibbpfSharp.Tests.Unit.Attach;

public sealed class GlobPatternTests
{
    [Theory]
    [InlineData("tcp_sendmsg", "tcp_sendmsg", true)]
    [InlineData("tcp_sendmsg", "tcp_sendmsg_locked", false)]
    [InlineData("tcp_*", "tcp_sendmsg", true)]
    [InlineData("*sendmsg", "tcp_sendmsg", true)]
    [InlineData("tcp_*msg*", "tcp_sendmsg_locked", true)]
    [InlineData("*a*b*c", "xxaxxbxxbxxc", true)]
    [InlineData("*a*b*c", "xxaxxcxxb", false)]
    [InlineData("tcp_?endmsg", "tcp_sendmsg", true)]
    [InlineData("?", "", false)]
    [InlineData("*", "", true)]
    [InlineData("", "", true)]
    [InlineData("", "x", false)]
    [InlineData("**", "x", true)]
    public void Matches_whole_names(string pattern, string name, bool expected) => Assert.Equal(expected, GlobPattern.IsMatch(pattern, name));

    [Fact]
    public void Slots_of_usdt_specs_are_reused_and_never_overcommitted()
    {
        var ids = new UsdtSpecIds();
        uint[] first = ids.Take(3, 4)!;
        Assert.Equal([0u, 1u, 2u], first);
        Assert.Null(ids.Take(2, 4));
        Assert.Equal([3u], ids.Take(1, 4)!);
        ids.Return([1, 2]);
        Assert.Equal([1u, 2u], ids.Take(2, 4)!);
        Assert.Null(ids.Take(1, 4));
    }
}
