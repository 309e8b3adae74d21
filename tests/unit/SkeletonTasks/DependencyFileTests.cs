using LibbpfSharp.Skeleton.Tasks.Clang;

namespace LibbpfSharp.Tests.Unit.SkeletonTasks;

public sealed class DependencyFileTests
{
    [Theory]
    [InlineData("a.o: a.c\n", "a.c")]
    [InlineData("a.o: a.c a.h \\\n  /usr/include/b.h\n", "a.c|a.h|/usr/include/b.h")]
    [InlineData("a.o: a.c \\\r\n a.h\r\n", "a.c|a.h")]
    [InlineData("C:\\out\\a.o: C:\\src\\a.c C:\\src\\a.h\n", "C:\\src\\a.c|C:\\src\\a.h")]
    [InlineData("a.o: with\\ blank.h cost$$.h hash\\#.h\n", "with blank.h|cost$.h|hash#.h")]
    [InlineData("a.o: a.h b.h a.h", "a.h|b.h")]
    [InlineData("a.o: a.h\nb.h:\n", "a.h")]
    [InlineData("a.o:\n", "")]
    [InlineData("", "")]
    [InlineData("no rule", "")]
    public void Files_of_the_first_rule(string text, string expected) =>
        Assert.Equal(expected.Split('|', StringSplitOptions.RemoveEmptyEntries), DependencyFile.Parse(text));
}
