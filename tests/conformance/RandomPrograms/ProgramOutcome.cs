using LibbpfSharp.Interop;
using LibbpfSharp.Tests.Conformance.Kernel;

namespace LibbpfSharp.Tests.Conformance.RandomPrograms;

/// <summary>What a program did on one kernel.</summary>
/// <param name="LoadErrno">0 if it was accepted.</param>
/// <param name="Log">The log of a refusal.</param>
/// <param name="Text">Result, packets and maps after each run.</param>
internal sealed record ProgramOutcome(int LoadErrno, string Log, string Text)
{
    /// <summary>Loads a program and runs it over packets, on maps in their first state.</summary>
    public static ProgramOutcome Of(IBpfKernel kernel, ProgramMaps maps, ProgramGenerator program, byte[][] packets)
    {
        int fd = TestProgram.Load(kernel, BpfProgramType.SchedCls, program.Instructions, program.Functions, maps.BtfFd);
        if (fd < 0)
        {
            byte[] log = new byte[1 << 20];
            int second = TestProgram.Load(kernel, BpfProgramType.SchedCls, program.Instructions, program.Functions, maps.BtfFd, log);
            if (second >= 0)
                kernel.Close(second);
            return new ProgramOutcome(-fd, System.Text.Encoding.UTF8.GetString(log).TrimEnd('\0'), "");
        }

        try
        {
            maps.Reset();
            var text = new System.Text.StringBuilder();
            byte[] output = new byte[256];
            foreach (byte[] packet in packets)
            {
                int result = TestProgram.Run(kernel, fd, packet, output, out uint value, out int length);
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"run {result} returns {value:x8}, packet {Convert.ToHexStringLower(output.AsSpan(0, Math.Clamp(length, 0, output.Length)))}\n");
            }

            return new ProgramOutcome(0, "", text.Append(maps.Dump()).ToString());
        }
        finally
        {
            kernel.Close(fd);
        }
    }
}
