namespace LibbpfSharp.Tests.Unit.Cli;

public sealed class BtfCommandTests
{
    [Fact]
    public void Type_is_written_with_what_it_needs()
    {
        CliRun run = CliRun.Of("btf", TestObjects.GetPath("maps"), "--type", "value");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("struct value {\n\t__u64 count;\n\tchar name[12];\n};\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("typedef unsigned long long __u64;\n", run.Out, StringComparison.Ordinal);
        Assert.Equal(run.Out, CliRun.Of("btf", TestObjects.GetPath("maps"), "--type", "struct value", "--format", "c").Out);
        Assert.Equal("int tail_one(struct xdp_md *);\n", CliRun.Of("btf", TestObjects.GetPath("maps"), "--type", "tail_one").Out);
    }

    [Fact]
    public void Raw_is_in_bpftools_notation()
    {
        string raw = CliRun.Of("btf", TestObjects.GetPath("core"), "--format", "raw").Out;

        Assert.StartsWith("[1] PTR '(anon)' type_id=0\n[2] FUNC_PROTO '(anon)' ret_type_id=3 vlen=1\n\t'ctx' type_id=1\n", raw, StringComparison.Ordinal);
        Assert.Contains("\t'group_leader' type_id=6 bits_offset=192\n", raw, StringComparison.Ordinal);
        Assert.EndsWith("DATASEC 'license' size=0 vlen=1\n\ttype_id=39 offset=0 size=4 (VAR 'LICENSE')\n", raw, StringComparison.Ordinal);
        Assert.Equal("[3] INT 'int' size=4 bits_offset=0 nr_bits=32 encoding=SIGNED\n", CliRun.Of("btf", TestObjects.GetPath("core"), "--format", "raw", "--type", "int").Out);
    }

    [Fact]
    public void Whole_is_a_guarded_header()
    {
        string header = CliRun.Of("btf", TestObjects.GetPath("maps")).Out;

        Assert.StartsWith("#ifndef __VMLINUX_H__\n", header, StringComparison.Ordinal);
        Assert.EndsWith("#endif /* __VMLINUX_H__ */\n", header, StringComparison.Ordinal);
    }

    [Fact]
    public void Failures_go_to_stderr_with_their_exit_code()
    {
        CliRun unknown = CliRun.Of("btf", TestObjects.GetPath("maps"), "--type", "struct nothing");
        Assert.Equal((1, "", "libbpfsharp: there is no type 'struct nothing'.\n"), (unknown.ExitCode, unknown.Out, unknown.Error));
        Assert.Equal(2, CliRun.Of("btf", "--format", "pascal").ExitCode);
        Assert.Equal((1, ""), (CliRun.Of("btf", "/no/such/file").ExitCode, CliRun.Of("btf", "/no/such/file").Out));
    }
}
