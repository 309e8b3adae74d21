using System.Text;

namespace LibbpfSharp.Skeleton.Tasks.Clang;

/// <summary>A depfile, as clang -MD writes it for make: "object: source header \ header".</summary>
internal static class DependencyFile
{
    /// <summary>The files that the first rule depends on, in the order of the file, each once.</summary>
    public static IReadOnlyList<string> Parse(string text)
    {
        // The target is ours and ends at the first colon before white space; a colon in "C:\" is followed by none.
        int start = 0;
        do
            start = text.IndexOf(':', start) + 1;
        while (start > 0 && start < text.Length && !char.IsWhiteSpace(text[start]));
        if (start == 0)
            return [];

        List<string> files = [];
        StringBuilder file = new();
        for (int i = start; i < text.Length; i++)
        {
            char c = text[i];
            char next = i + 1 < text.Length ? text[i + 1] : '\0';
            switch (c)
            {
                case '\\' when next is '\n' or '\r':
                    break; // the rule goes on in the next line
                case '\\' when next is ' ' or '#':
                    file.Append(next);
                    i++;
                    break;
                case '$' when next == '$':
                    file.Append('$');
                    i++;
                    break;
                case ' ' or '\t' or '\r' or '\n':
                    Add();
                    if (c == '\n' && text[i - 1] != '\\' && !(text[i - 1] == '\r' && i > 1 && text[i - 2] == '\\'))
                        return files;
                    break;
                default:
                    file.Append(c);
                    break;
            }
        }

        Add();
        return files;

        void Add()
        {
            if (file.Length != 0 && !files.Contains(file.ToString()))
                files.Add(file.ToString());
            file.Clear();
        }
    }
}
