using LibbpfSharp.Skeleton.Tasks.Clang;

namespace LibbpfSharp.Tests.Unit.SkeletonTasks;

public sealed class ClangMessageTests
{
    [Theory]
    [InlineData("a.bpf.c:3:9: error: use of undeclared identifier 'x'", ClangMessageKind.Error, "a.bpf.c", 3, 9, "use of undeclared identifier 'x'")]
    [InlineData("/usr/include/linux/types.h:5:10: fatal error: 'asm/types.h' file not found", ClangMessageKind.Error, "/usr/include/linux/types.h", 5, 10, "'asm/types.h' file not found")]
    [InlineData("C:\\src\\a.c:1:2: warning: hello [-W#warnings]", ClangMessageKind.Warning, "C:\\src\\a.c", 1, 2, "hello [-W#warnings]")]
    [InlineData("a.c:1:2: note: expanded from macro 'X'", ClangMessageKind.Note, "a.c", 1, 2, "expanded from macro 'X'")]
    [InlineData("clang: error: unknown argument: '-foo'", ClangMessageKind.Error, null, 0, 0, "unknown argument: '-foo'")]
    [InlineData("/usr/bin/clang-14: error: no input files", ClangMessageKind.Error, null, 0, 0, "no input files")]
    [InlineData("error: unable to open output file", ClangMessageKind.Error, null, 0, 0, "unable to open output file")]
    [InlineData("fatal error: error in backend: Cannot select", ClangMessageKind.Error, null, 0, 0, "error in backend: Cannot select")]
    [InlineData("LLVM ERROR: out of memory", ClangMessageKind.Error, null, 0, 0, "out of memory")]
    [InlineData("<unknown>:0: error: in function f", ClangMessageKind.Error, null, 0, 0, "in function f")]
    [InlineData("In file included from a.bpf.c:1:", ClangMessageKind.Text, null, 0, 0, "In file included from a.bpf.c:1:")]
    [InlineData("1 error generated.", ClangMessageKind.Text, null, 0, 0, "1 error generated.")]
    [InlineData("int x = \"a: error: b\";", ClangMessageKind.Text, null, 0, 0, "int x = \"a: error: b\";")]
    internal void Line_is_read(string line, ClangMessageKind kind, string? file, int number, int column, string text) =>
        Assert.Equal(new ClangMessage(kind, text, file, number, column), ClangMessage.Parse(line));

    [Theory]
    [InlineData("a.c:1:10: fatal error: 'bpf/bpf_helpers.h' file not found", "bpf/bpf_helpers.h")]
    [InlineData("a.c:1:10: error: 'bpf/bpf_helpers.h' is old", null)]
    [InlineData("a.c:1:10: warning: 'x.h' file not found", null)]
    public void Missing_header_is_named(string line, string? header) => Assert.Equal(header, ClangMessage.Parse(line).MissingHeader);
}
