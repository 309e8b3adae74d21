using LibbpfSharp.Tests.Build.Tools;

[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: AssemblyFixture(typeof(PackageFeed))]
