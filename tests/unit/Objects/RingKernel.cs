using System.Runtime.InteropServices;
using LibbpfSharp.Interop;
using LibbpfSharp.Maps;
using LibbpfSharp.Tests.Unit.Interop;

namespace LibbpfSharp.Tests.Unit.Objects;

/// <summary>A kernel with one ring buffer in plain memory, written by the test. Records may not cross the ring's end.</summary>
internal sealed unsafe class RingKernel : FakeKernel, IDisposable
{
    public const int PageSize = 4096;
    public const int RingSize = 4096;
    private readonly byte* _consumer = (byte*)NativeMemory.AllocZeroed(PageSize);
    private readonly byte* _producer = (byte*)NativeMemory.AllocZeroed(PageSize + 2 * RingSize);

    public int Mapped { get; private set; }

    public ulong ConsumerPosition => Volatile.Read(ref *(ulong*)_consumer);

    public RingWaiter? Waiter { get; private set; }

    /// <summary>What happens during waits, which then end for want of a wake-up. Null: they last until somebody wakes them.</summary>
    public Action? DuringWait { get; set; }

    public BpfMap NewMap(BpfMapType type = BpfMapType.RingBuf) =>
        new(new KernelHandle(this, 5, "map 'ring'"), new BpfMapInfo(1, "ring", type, 0, 0, RingSize, BpfMapFlags.None, 0, 0, 0, 0, 0, 0));

    /// <summary>Appends a record; the bits of its state are or-ed into the header.</summary>
    /// <returns>Where the header is, to clear the bits later.</returns>
    public nint Write(ReadOnlySpan<byte> data, uint bits = 0)
    {
        ulong position = *(ulong*)_producer;
        byte* header = _producer + PageSize + (position & (RingSize - 1));
        data.CopyTo(new Span<byte>(header + 8, data.Length));
        Volatile.Write(ref *(uint*)header, (uint)data.Length | bits);
        Volatile.Write(ref *(ulong*)_producer, position + (((ulong)data.Length + 15) & ~7ul));
        return (nint)header;
    }

    public static void Finish(nint header) => Volatile.Write(ref *(uint*)header, *(uint*)header & ~(1u << 31));

    public override int MapMemory(int fd, nuint length, MemoryProtection protection, MemorySharing sharing, ulong offset, ref nint address)
    {
        Mapped++;
        address = (nint)(offset == 0 ? _consumer : _producer);
        return 0;
    }

    public override int UnmapMemory(nint address, nuint length)
    {
        Mapped--;
        return 0;
    }

    public override int CreateWaiter(out IKernelWaiter? waiter)
    {
        waiter = Waiter = new RingWaiter(this);
        return 0;
    }

    public void Dispose()
    {
        NativeMemory.Free(_consumer);
        NativeMemory.Free(_producer);
    }

    internal sealed class RingWaiter(RingKernel kernel) : IKernelWaiter
    {
        private readonly SemaphoreSlim _signal = new(0);

        public int Waits { get; private set; }

        public bool Disposed { get; private set; }

        public int Add(int fd, uint token) => 0;

        public int Remove(int fd) => 0;

        public int Wait(Span<uint> tokens, int timeoutMilliseconds)
        {
            Waits++;
            if (kernel.DuringWait is { } happens)
            {
                Assert.InRange(timeoutMilliseconds, 1, 100);
                happens();
                return 0;
            }

            _signal.Wait(timeoutMilliseconds);
            ObjectDisposedException.ThrowIf(Disposed, this);
            return 0;
        }

        public void Wake() => _signal.Release();

        public void Dispose()
        {
            Disposed = true;
            _signal.Release();
        }
    }
}
