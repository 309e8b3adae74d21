using System.Runtime.Versioning;
using LibbpfSharp.Tests;

[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: AssemblyFixture(typeof(MachineLock))]
[assembly: SupportedOSPlatform("linux")]
