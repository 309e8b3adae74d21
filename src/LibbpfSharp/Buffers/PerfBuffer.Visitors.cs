namespace LibbpfSharp;

/// <content>What is done with records.</content>
public sealed partial class PerfBuffer
{
    private readonly struct BytesVisitor(PerfBufferHandler handler) : IRecordVisitor
    {
        public void Visit(int cpu, ReadOnlySpan<byte> record) => handler(cpu, record);
    }

    private readonly struct StructVisitor<T>(PerfBufferHandler<T> handler, string subject) : IRecordVisitor
        where T : unmanaged
    {
        public void Visit(int cpu, ReadOnlySpan<byte> record) => handler(cpu, in RecordSize.As<T>(record, RecordSize.PerfPadding, subject));
    }

    private struct BytesTaker : IRecordTaker<(int Cpu, byte[] Record)>
    {
        public (int Cpu, byte[] Record) Item { get; private set; }

        public void Visit(int cpu, ReadOnlySpan<byte> record) => Item = (cpu, record.ToArray());
    }

    private struct StructTaker<T>(string subject) : IRecordTaker<(int Cpu, T Record)>
        where T : unmanaged
    {
        public (int Cpu, T Record) Item { get; private set; }

        public void Visit(int cpu, ReadOnlySpan<byte> record) => Item = (cpu, RecordSize.As<T>(record, RecordSize.PerfPadding, subject));
    }
}
