namespace LibbpfSharp.Tests.Unit.Shared;

public sealed class MachineLockTests
{
    [Fact]
    public void TheLockExcludesASecondHolderUntilItIsDisposed()
    {
        string path = Path.Combine(Path.GetTempPath(), UniqueNames.File("libbpfsharp-lock-test"));
        try
        {
            var first = new MachineLock(path, TimeSpan.FromSeconds(1));
            Assert.Throws<TimeoutException>(() => new MachineLock(path, TimeSpan.Zero));
            first.Dispose();
            new MachineLock(path, TimeSpan.FromSeconds(1)).Dispose();
        }
        finally
        {
            File.Delete(path);
        }
    }
}
