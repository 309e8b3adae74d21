using System.Runtime.Versioning;

// What is measured is this kernel.
[assembly: SupportedOSPlatform("linux")]
