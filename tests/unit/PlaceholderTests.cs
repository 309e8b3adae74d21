namespace LibbpfSharp.Tests.Unit;

public sealed class PlaceholderTests
{
    [Fact]
    public void Assembly_runs() => Assert.Equal(4, sizeof(int));
}
