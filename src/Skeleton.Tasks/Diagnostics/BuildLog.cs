using Microsoft.Build.Utilities;

namespace LibbpfSharp.Skeleton.Tasks.Diagnostics;

/// <summary>Reports about one item. While an editor asks, an error is a warning: the editor goes on with what there was.</summary>
internal sealed class BuildLog(TaskLoggingHelper log, bool designTime, string file)
{
    /// <summary>Reports an error about the item.</summary>
    /// <returns>What the task returns: whether the build can go on.</returns>
    public bool Error(string id, string message) => ErrorAt(id, file, 0, 0, message);

    /// <summary>Reports an error about a place.</summary>
    public bool ErrorAt(string id, string at, int line, int column, string message)
    {
        if (designTime)
            log.LogWarning(null, id, null, at, line, column, 0, 0, "{0}", message);
        else
            log.LogError(null, id, null, at, line, column, 0, 0, "{0}", message);
        return designTime && !log.HasLoggedErrors;
    }

    /// <summary>Reports a warning about the item.</summary>
    public void Warning(string id, string message) => log.LogWarning(null, id, null, file, 0, 0, 0, 0, "{0}", message);
}
