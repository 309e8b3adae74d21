using LibbpfSharp.Interop;
using LibbpfSharp.Maps;

namespace LibbpfSharp.Tests.Unit.Objects;

public sealed class RingBufferTests : IDisposable
{
    private const uint Busy = 1u << 31;
    private const uint Discarded = 1u << 30;
    private readonly RingKernel _kernel = new();
    private readonly BpfMap _map;

    public RingBufferTests() => _map = _kernel.NewMap();

    public void Dispose()
    {
        _map.Dispose();
        _kernel.Dispose();
    }

    [Fact]
    public void Records_are_handed_over_in_order_and_their_space_given_back()
    {
        using var ring = new RingBuffer(_map);
        _kernel.Write([1, 2, 3]);
        _kernel.Write([4]);
        var seen = new List<byte[]>();
        Assert.Equal(2, ring.Consume(record => seen.Add(record.ToArray())));
        Assert.Equal([1, 2, 3], seen[0]);
        Assert.Equal([4], seen[1]);
        Assert.Equal(32ul, _kernel.ConsumerPosition);
        Assert.Equal(0, ring.AvailableBytes);
        Assert.Equal(0, ring.Consume(_ => Assert.Fail("nothing is left")));
    }

    [Fact]
    public void Discarded_records_are_passed_over_and_busy_ones_waited_for()
    {
        using var ring = new RingBuffer(_map);
        _kernel.Write([9], Discarded);
        _kernel.Write([1]);
        nint busy = _kernel.Write([2], Busy);
        _kernel.Write([3]);
        var seen = new List<byte>();
        Assert.Equal(1, ring.Consume(record => seen.Add(record[0])));
        RingKernel.Finish(busy);
        Assert.Equal(2, ring.Consume(record => seen.Add(record[0])));
        Assert.Equal([1, 2, 3], seen);
    }

    [Fact]
    public void Bound_on_records_is_kept()
    {
        using var ring = new RingBuffer(_map);
        for (byte i = 0; i < 10; i++)
            _kernel.Write([i]);
        Assert.Equal(3, ring.Consume(static _ => { }, 3));
        Assert.True(ring.TryRead(out byte fourth));
        Assert.Equal(3, fourth);
        Assert.Throws<ArgumentOutOfRangeException>(() => ring.Consume(static _ => { }, 0));
    }

    [Fact]
    public void Reading_goes_round_the_ring()
    {
        using var ring = new RingBuffer(_map);
        byte[] record = new byte[248];
        for (int i = 0; i < 200; i++)
        {
            record[0] = (byte)i;
            _kernel.Write(record);
            Assert.Equal(1, ring.Consume(r => Assert.Equal((byte)i, r[0])));
        }

        Assert.Equal(200ul * 256, _kernel.ConsumerPosition);
    }

    [Fact]
    public void Exception_of_a_handler_surfaces_with_its_record_read()
    {
        using var ring = new RingBuffer(_map);
        _kernel.Write([1]);
        _kernel.Write([2]);
        Assert.Throws<FormatException>(() => ring.Consume(static _ => throw new FormatException()));
        Assert.Equal(16ul, _kernel.ConsumerPosition);
        Assert.True(ring.TryRead(out byte second));
        Assert.Equal(2, second);
    }

    [Fact]
    public void Structures_are_read_and_records_of_another_length_refused()
    {
        using var ring = new RingBuffer(_map);
        _kernel.Write([1, 0, 0, 0, 2, 0, 0, 0]);
        _kernel.Write([1, 2, 3, 4]);
        _kernel.Write([1, 2]);
        Assert.Equal(1, ring.Consume((ref readonly (int A, int B) pair) => Assert.Equal((1, 2), pair), 1));
        BpfException longer = Assert.Throws<BpfException>(() => ring.Consume((ref readonly short _) => Assert.Fail("its length differs")));
        Assert.Contains("4 bytes", longer.Message, StringComparison.Ordinal);
        BpfException shorter = Assert.Throws<BpfException>(() => ring.TryRead(out long _));
        Assert.Contains("2 bytes", shorter.Message, StringComparison.Ordinal);
        Assert.False(ring.TryRead(out byte[]? nothing));
        Assert.Null(nothing);
    }

    [Fact]
    public async Task Events_of_a_structure_are_read_through_the_map()
    {
        BpfRingBufferMap<(int A, int B)> events = _map.As<BpfRingBufferMap<(int A, int B)>>();
        Assert.Equal((uint)RingKernel.RingSize, events.Size);
        var seen = new List<(int A, int B)>();
        using (RingBuffer<(int A, int B)> reader = events.Open())
        {
            for (byte i = 1; i <= 4; i++)
                _kernel.Write([i, 0, 0, 0, i, 0, 0, 0]);
            Assert.Equal(1, reader.Consume((ref readonly (int A, int B) e) => seen.Add(e), 1));
            Assert.True(reader.TryRead(out (int A, int B) second));
            seen.Add(second);
            Assert.Equal(2, reader.Poll((ref readonly (int A, int B) e) => seen.Add(e), Timeout.InfiniteTimeSpan));
            Assert.Equal(0, reader.AvailableBytes);
        }

        _kernel.Write([5, 0, 0, 0, 5, 0, 0, 0]);
        await foreach ((int A, int B) e in events.ReadAllAsync())
        {
            seen.Add(e);
            break;
        }

        Assert.Equal(0, _kernel.Mapped);
        Assert.Equal([(1, 1), (2, 2), (3, 3), (4, 4), (5, 5)], seen);
        using BpfMap hash = _kernel.NewMap(BpfMapType.Hash);
        Assert.Contains("RingBuf", Assert.Throws<BpfException>(() => hash.As<BpfRingBufferMap<int>>()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dispose_within_a_handler_waits_for_the_record_in_hand()
    {
        var ring = new RingBuffer(_map);
        _kernel.Write([1]);
        _kernel.Write([2]);
        int count = ring.Consume(record =>
        {
            ring.Dispose();
            Assert.Equal(2, _kernel.Mapped);
            Assert.Equal(1, record[0]);
        });
        Assert.Equal(1, count);
        Assert.Equal(0, _kernel.Mapped);
        Assert.Throws<ObjectDisposedException>(() => ring.Consume(static _ => { }));
        Assert.Throws<ObjectDisposedException>(() => ring.AvailableBytes);
        Assert.Throws<ObjectDisposedException>(() => ring.Poll(static _ => { }, TimeSpan.Zero));
        ring.Dispose();
    }

    [Fact]
    public void Reading_from_a_handler_is_refused()
    {
        using var ring = new RingBuffer(_map);
        _kernel.Write([1]);
        Assert.Throws<InvalidOperationException>(() => ring.Consume(_ => ring.Consume(static _ => { })));
    }

    [Fact]
    public void Records_are_found_at_the_end_of_the_wait_though_nobody_woke()
    {
        using var ring = new RingBuffer(_map);
        _kernel.DuringWait = () => _kernel.Write([1]);
        Assert.Equal(1, ring.Poll(static _ => { }, Timeout.InfiniteTimeSpan));
        Assert.Equal(1, _kernel.Waiter!.Waits);
    }

    [Fact]
    public async Task Wait_can_be_cancelled_and_ended_by_dispose()
    {
        var ring = new RingBuffer(_map);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        Assert.Throws<OperationCanceledException>(() => ring.Poll(static _ => { }, Timeout.InfiniteTimeSpan, cancellationToken: cancelled.Token));
        Task<Exception?> waiting = Task.Run(() => Record.Exception(() => { ring.Poll(static _ => { }, Timeout.InfiniteTimeSpan); }));
        SpinWait.SpinUntil(() => _kernel.Waiter is { Waits: > 0 });
        ring.Dispose();
        Assert.IsType<ObjectDisposedException>(await waiting);
    }

    [Fact]
    public async Task Asynchronous_reading_gives_every_record_and_ends_when_cancelled()
    {
        using var ring = new RingBuffer(_map);
        using var stop = new CancellationTokenSource();
        _kernel.Write([1]);
        var seen = new List<byte>();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (byte record in ring.ReadAllAsync<byte>(stop.Token))
            {
                seen.Add(record);
                if (record == 2)
                    await stop.CancelAsync();
                else
                    _kernel.Write([2]);
            }
        });
        Assert.Equal([1, 2], seen);
    }

    [Fact]
    public void Another_kind_of_map_is_refused()
    {
        using BpfMap hash = _kernel.NewMap(BpfMapType.Hash);
        Assert.Contains("Hash", Assert.Throws<ArgumentException>(() => new RingBuffer(hash)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        using var ring = new RingBuffer(_map);
        int sum = 0;
        RingBufferHandler handler = record => sum += record[0];
        _kernel.Write([1]);
        ring.Consume(handler);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            _kernel.Write([1]);
            ring.Consume(handler);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(101, sum);
    }
}
