using System.Runtime.CompilerServices;
using LibbpfSharp.Interop;

namespace LibbpfSharp.Tests.Conformance.Vectors;

// Maps as memory, and the ring buffer that is read there.
internal sealed unsafe partial class VectorRunner
{
    private readonly List<(nint Address, nuint Length)> _mappings = [];

    private void MapMemory(VectorStep step)
    {
        nint address = 0;
        nuint length = (nuint)step.Int("len");
        int result = _kernel.MapMemory(
            Handle(step).Fd, length, (MemoryProtection)step.Int("prot"), (MemorySharing)step.Int("mmap_flags"), step.Word("offset"), ref address);
        step.Answer(result);
        if (result == 0)
            _mappings.Add((address, length));
    }

    private void UnmapMemory(VectorStep step)
    {
        (nint address, nuint length) = _mappings[^1];
        step.Answer(_kernel.UnmapMemory(address, length));
        _mappings.RemoveAt(_mappings.Count - 1);
    }

    private void ProtectMemory(VectorStep step)
    {
        (nint address, nuint length) = _mappings[^1];
        step.Answer(_kernel.ProtectMemory(address, length, (MemoryProtection)step.Int("prot")));
    }

    private void ReadMemory(VectorStep step) =>
        step.Actual["value"] = Convert.ToHexStringLower(new ReadOnlySpan<byte>((byte*)_mappings[^1].Address + step.Int("offset"), step.Int("len")));

    private void WriteMemory(VectorStep step)
    {
        byte[] bytes = Convert.FromHexString(step.Text("value")!);
        bytes.CopyTo(new Span<byte>((byte*)_mappings[^1].Address + step.Int("offset"), bytes.Length));
    }

    private void RingPositions(VectorStep step)
    {
        using var ring = new RingMemory(_kernel, Handle(step));
        step.Actual["consumer_pos"] = (long)ring.Consumer;
        step.Actual["producer_pos"] = (long)ring.Producer;
    }

    private void RingDrain(VectorStep step)
    {
        using var ring = new RingMemory(_kernel, Handle(step));
        int max = step.Int("max", int.MaxValue);
        int prefix = step.Int("data_prefix_bytes", 64);
        var records = new List<object>();
        ulong position = ring.Consumer;
        while (position < ring.Producer && records.Count < max)
        {
            uint header = ring.ReadWord(position);
            uint length = header & 0x3FFF_FFFF;
            records.Add(new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["pos"] = (long)position,
                ["busy"] = (long)(header >> 31),
                ["discard"] = (long)((header >> 30) & 1),
                ["len"] = (long)length,
                ["data"] = Convert.ToHexStringLower(ring.Data(position + 8, (int)Math.Min(length, (uint)prefix))),
            });
            if (header >> 31 != 0)
                break;
            position += (length + 8 + 7) / 8 * 8;
        }

        if (step.Flag("commit", true))
            ring.Consumer = position;
        step.Actual["records"] = records.ToArray();
    }

    /// <summary>A BPF_MAP_TYPE_RINGBUF mapped as its reader maps it.</summary>
    private sealed class RingMemory : IDisposable
    {
        private readonly IBpfKernel _kernel;
        private readonly nuint _page;
        private readonly nuint _size;
        private readonly nint _consumer;
        private readonly nint _producer;

        public RingMemory(IBpfKernel kernel, VectorHandle handle)
        {
            _kernel = kernel;
            _page = (nuint)kernel.Facts.PageSize;
            _size = (nuint)handle.Map!.Value.GetProperty("max_entries").GetInt32();
            Check(kernel.MapMemory(handle.Fd, _page, MemoryProtection.Read | MemoryProtection.Write, MemorySharing.Shared, 0, ref _consumer));
            Check(kernel.MapMemory(handle.Fd, _page + (2 * _size), MemoryProtection.Read, MemorySharing.Shared, _page, ref _producer));
        }

        public ulong Consumer
        {
            get => Volatile.Read(ref Unsafe.AsRef<ulong>((void*)_consumer));
            set => Volatile.Write(ref Unsafe.AsRef<ulong>((void*)_consumer), value);
        }

        public ulong Producer => Volatile.Read(ref Unsafe.AsRef<ulong>((void*)_producer));

        public uint ReadWord(ulong position) => Volatile.Read(ref Unsafe.AsRef<uint>(At(position)));

        public ReadOnlySpan<byte> Data(ulong position, int length) => new(At(position), length);

        public void Dispose()
        {
            _kernel.UnmapMemory(_consumer, _page);
            _kernel.UnmapMemory(_producer, _page + (2 * _size));
        }

        private void* At(ulong position) => (byte*)_producer + _page + (nuint)(position & (_size - 1));

        private static void Check(int result)
        {
            if (result < 0)
                throw new InvalidOperationException($"The ring buffer cannot be mapped: {BpfErrnoText.Name((BpfErrno)(-result))}.");
        }
    }
}
