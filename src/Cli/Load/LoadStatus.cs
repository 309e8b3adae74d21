namespace LibbpfSharp.Cli.Load;

/// <summary>What became of a map or program.</summary>
internal enum LoadStatus
{
    /// <summary>Loaded.</summary>
    Ok,

    /// <summary>Refused.</summary>
    Failed,

    /// <summary>Left out, as the object says.</summary>
    Skipped,

    /// <summary>Not loaded, because something else of the object was refused.</summary>
    NotLoaded,
}
