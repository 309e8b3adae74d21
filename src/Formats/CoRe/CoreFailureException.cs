using System.Diagnostics.CodeAnalysis;

namespace LibbpfSharp.Formats.CoRe;

/// <summary>Ends the work on one relocation, which is then reported as failed; never leaves <see cref="CoreRelocator"/>.</summary>
[SuppressMessage("Design", "CA1064:Exceptions should be public", Justification = "It never leaves the engine.")]
internal sealed class CoreFailureException(string message) : Exception(message);
