using System.Runtime.InteropServices;

namespace LibbpfSharp.Tests.Conformance.Kernel;

/// <summary>Native buffers for the attributes of bpf(2), freed together.</summary>
internal sealed unsafe class NativeArena : IDisposable
{
    private readonly List<nint> _blocks = [];

    /// <summary>A zeroed buffer.</summary>
    public ulong Allocate(int size)
    {
        void* block = NativeMemory.AllocZeroed((nuint)Math.Max(size, 8));
        _blocks.Add((nint)block);
        return (ulong)block;
    }

    /// <summary>A buffer of repeated bytes.</summary>
    public ulong Allocate(int size, byte fill)
    {
        ulong address = Allocate(size);
        new Span<byte>((void*)address, size).Fill(fill);
        return address;
    }

    /// <summary>A copy of bytes.</summary>
    public ulong Copy(ReadOnlySpan<byte> bytes)
    {
        ulong address = Allocate(bytes.Length);
        bytes.CopyTo(new Span<byte>((void*)address, bytes.Length));
        return address;
    }

    /// <summary>A copy of text with a NUL behind it.</summary>
    public ulong CopyText(string text) => Copy([.. System.Text.Encoding.UTF8.GetBytes(text), 0]);

    /// <summary>The bytes of a buffer.</summary>
    public static Span<byte> At(ulong address, int size) => new((void*)address, size);

    /// <summary>The bytes of a buffer in lower-case hex.</summary>
    public static string Hex(ulong address, int size) => Convert.ToHexStringLower(At(address, size));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (nint block in _blocks)
            NativeMemory.Free((void*)block);
        _blocks.Clear();
    }
}
