namespace LibbpfSharp.Tests.Unit.Shared;

public sealed class HostExceptionsTests
{
    [Fact]
    public void TheFileIsWellFormedAndNamesEachFeatureOncePerKernel()
    {
        Assert.NotEmpty(HostExceptions.Entries);
        Assert.All(HostExceptions.Entries, e => Assert.False(string.IsNullOrWhiteSpace(e.Why)));
        Assert.Equal(HostExceptions.Entries.Count, HostExceptions.Entries.DistinctBy(e => (e.Release, e.Feature)).Count());
    }

    [Theory]
    [InlineData("6.18.44-fc-v509", "fentry load", true)]
    [InlineData("6.18.44", "fentry load", false)]
    [InlineData("6.12.9-amd64", "fentry load", false)]
    [InlineData("6.18.44-fc-v509", "no such feature", false)]
    public void AnEntryCountsForItsKernelAndFeatureOnly(string release, string feature, bool listed) =>
        Assert.Equal(listed, HostExceptions.Find(release, feature) is not null);
}
