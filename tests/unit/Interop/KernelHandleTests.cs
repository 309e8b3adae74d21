using LibbpfSharp.Interop;

namespace LibbpfSharp.Tests.Unit.Interop;

public sealed class KernelHandleTests
{
    [Fact]
    public void Dispose_closes_once()
    {
        var kernel = new FakeKernel();
        var handle = new KernelHandle(kernel, 7, "map 'm'");
        handle.Dispose();
        handle.Dispose();
        Assert.Equal(1, kernel.Closed);
        Assert.True(handle.IsDisposed);
    }

    [Fact]
    public void A_disposed_handle_names_its_owner()
    {
        var handle = new KernelHandle(new FakeKernel(), 7, "map 'counts'");
        handle.Dispose();
        var e = Assert.Throws<ObjectDisposedException>(() => handle.Enter());
        Assert.Contains("map 'counts'", e.Message, StringComparison.Ordinal);
        Assert.Throws<ObjectDisposedException>(() => handle.DangerousFd);
        Assert.Throws<ObjectDisposedException>(handle.Duplicate);
    }

    [Fact]
    public void Dispose_waits_for_calls_in_flight()
    {
        var kernel = new FakeKernel();
        var handle = new KernelHandle(kernel, 7, "map 'm'");
        Assert.Equal(7, handle.Enter());
        var disposing = new Thread(handle.Dispose);
        disposing.Start();
        SpinWait.SpinUntil(() => handle.IsDisposed);
        Assert.Throws<ObjectDisposedException>(() => handle.Enter());
        Assert.Equal(0, kernel.Closed);
        handle.Exit();
        disposing.Join();
        Assert.Equal(1, kernel.Closed);
    }

    [Fact]
    public void No_call_meets_a_closed_descriptor()
    {
        for (int round = 0; round < 200; round++)
        {
            var kernel = new FakeKernel();
            var handle = new KernelHandle(kernel, 7, "map 'm'");
            int wrong = 0;
            var callers = Enumerable.Range(0, 3).Select(_ => new Thread(() =>
            {
                try
                {
                    while (true)
                    {
                        handle.Enter();
                        if (kernel.Closed != 0)
                            Interlocked.Increment(ref wrong);
                        handle.Exit();
                    }
                }
                catch (ObjectDisposedException)
                {
                }
            })).ToArray();
            Array.ForEach(callers, t => t.Start());
            handle.Dispose();
            Array.ForEach(callers, t => t.Join());
            Assert.Equal(0, wrong);
            Assert.Equal(1, kernel.Closed);
        }
    }

    [Fact]
    public void A_handle_of_another_kernel_is_refused_by_name()
    {
        using var handle = new KernelHandle(new FakeKernel(), 7, "map 'm'");
        var e = Assert.Throws<ArgumentException>(() => handle.RequireKernel(new FakeKernel()));
        Assert.Contains("map 'm' belongs to fake kernel", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0UL, "CAP_BPF")]
    [InlineData(1UL << 39, "CAP_PERFMON")]
    [InlineData(1UL << 21, "it is the kernel that refuses")]
    public void A_refusal_says_what_is_missing(ulong capabilities, string expected)
    {
        var kernel = new FakeKernel { Capabilities = capabilities };
        var e = Assert.Throws<BpfException>(() => KernelErrors.Check(-1, kernel, "BPF_MAP_CREATE", "map 'm'"));
        Assert.Equal(BpfErrno.EPERM, e.Errno);
        Assert.StartsWith("map 'm': BPF_MAP_CREATE failed: EPERM (not permitted).", e.Message, StringComparison.Ordinal);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dispose_waits_for_a_call_marked_in_a_thread_s_slot()
    {
        var kernel = new FakeKernel();
        var handle = new KernelHandle(kernel, 7, "map 'm'");
        Assert.Equal(7, handle.EnterCall(out CallSlot? slot));
        Assert.NotNull(slot);
        var disposing = new Thread(handle.Dispose);
        disposing.Start();
        SpinWait.SpinUntil(() => handle.IsDisposed);
        Thread.Sleep(20);
        Assert.Equal(0, kernel.Closed);
        handle.ExitCall(slot);
        disposing.Join();
        Assert.Equal(1, kernel.Closed);
        Assert.Throws<ObjectDisposedException>(() => handle.EnterCall(out _));
    }

    [Fact]
    public void A_call_within_a_call_is_counted()
    {
        var kernel = new FakeKernel();
        var outer = new KernelHandle(kernel, 7, "map 'm'");
        var inner = new KernelHandle(kernel, 8, "map 'n'");
        outer.EnterCall(out CallSlot? outerSlot);
        Assert.Equal(8, inner.EnterCall(out CallSlot? innerSlot));
        Assert.Null(innerSlot);
        var disposing = new Thread(inner.Dispose);
        disposing.Start();
        SpinWait.SpinUntil(() => inner.IsDisposed);
        Assert.Equal(0, kernel.Closed);
        inner.ExitCall(innerSlot);
        disposing.Join();
        outer.ExitCall(outerSlot);
        outer.Dispose();
        Assert.Equal(2, kernel.Closed);
    }

    [Fact]
    public void No_call_marked_in_a_slot_meets_a_closed_descriptor()
    {
        // Threads use handles that others dispose of meanwhile; the kernel says whether a call came after the close.
        for (int round = 0; round < 20; round++)
        {
            var kernel = new FakeKernel();
            var handle = new KernelHandle(kernel, 7, "map 'm'");
            int late = 0;
            Thread[] callers = [.. Enumerable.Range(0, 3).Select(_ => new Thread(() =>
            {
                try
                {
                    while (true)
                    {
                        handle.EnterCall(out CallSlot? slot);
                        if (kernel.Closed != 0)
                            Interlocked.Increment(ref late);
                        handle.ExitCall(slot);
                    }
                }
                catch (ObjectDisposedException)
                {
                }
            }))];
            foreach (Thread caller in callers)
                caller.Start();
            handle.Dispose();
            foreach (Thread caller in callers)
                caller.Join();
            Assert.Equal(0, late);
            Assert.Equal(1, kernel.Closed);
        }
    }
}
