namespace LibbpfSharp.Skeleton.Tasks.Clang;

/// <summary>What a line of clang's output is.</summary>
internal enum ClangMessageKind
{
    /// <summary>Text without a meaning of its own: source lines, carets, counts.</summary>
    Text,

    /// <summary>A note to the message before.</summary>
    Note,

    /// <summary>A warning.</summary>
    Warning,

    /// <summary>An error.</summary>
    Error,
}
