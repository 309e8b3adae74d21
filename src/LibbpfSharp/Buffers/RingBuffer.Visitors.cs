namespace LibbpfSharp;

/// <content>What is done with records.</content>
public sealed partial class RingBuffer
{
    private readonly struct BytesVisitor(RingBufferHandler handler) : IRecordVisitor
    {
        public void Visit(int cpu, ReadOnlySpan<byte> record) => handler(record);
    }

    private readonly struct StructVisitor<T>(RingBufferHandler<T> handler, string subject) : IRecordVisitor
        where T : unmanaged
    {
        public void Visit(int cpu, ReadOnlySpan<byte> record) => handler(in RecordSize.As<T>(record, 0, subject));
    }

    private struct BytesTaker : IRecordTaker<byte[]>
    {
        public byte[] Item { get; private set; }

        public void Visit(int cpu, ReadOnlySpan<byte> record) => Item = record.ToArray();
    }

    private struct StructTaker<T>(string subject) : IRecordTaker<T>
        where T : unmanaged
    {
        public T Item { get; private set; }

        public void Visit(int cpu, ReadOnlySpan<byte> record) => Item = RecordSize.As<T>(record, 0, subject);
    }
}
