using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LibbpfSharp.Interop;

namespace LibbpfSharp;

/// <summary>One walk of an iterator program: what it writes (bpf_seq_write, bpf_seq_printf) is read as a stream.</summary>
public sealed class BpfIterator : Stream
{
    private readonly KernelHandle _handle;

    private BpfIterator(KernelHandle handle) => _handle = handle;

    /// <inheritdoc/>
    public override bool CanRead => !_handle.IsDisposed;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <summary>Not supported: a walk has no length before its end.</summary>
    public override long Length => throw new NotSupportedException("A walk has no length before its end.");

    /// <summary>Not supported: a walk goes forward only.</summary>
    public override long Position
    {
        get => throw new NotSupportedException("A walk goes forward only.");
        set => throw new NotSupportedException("A walk goes forward only.");
    }

    /// <summary>Starts a walk.</summary>
    /// <param name="link">Link of an attached iterator.</param>
    /// <returns>The walk, owned by the caller.</returns>
    /// <exception cref="BpfException">The link is of another kind (EINVAL), or the kernel refused.</exception>
    public static BpfIterator Start(BpfLink link)
    {
        ArgumentNullException.ThrowIfNull(link);
        KernelHandle handle = link.KernelLink ?? throw new BpfException(BpfErrno.EINVAL, "starting an iterator", link.Description, "The kernel has no link for this attachment.");
        BpfAttr attr = default;
        attr.iter_create.link_fd = (uint)handle.Enter();
        int fd;
        try
        {
            fd = link.Kernel.Bpf(BpfCommand.IterCreate, ref attr, 8);
        }
        finally
        {
            handle.Exit();
        }

        if (fd < 0)
            KernelErrors.Throw(fd, link.Kernel, "starting an iterator", link.Description, fd == -(int)BpfErrno.EINVAL ? "The link is not that of an iterator." : null);
        return new BpfIterator(new KernelHandle(link.Kernel, fd, $"iterator of {link.Description}"));
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int fd = _handle.Enter();
        try
        {
            // EAGAIN says that a buffer of the kernel was too small and has been made larger; nothing was read.
            int read;
            do
            {
                read = _handle.Kernel.Read(fd, buffer);
            }
            while (read == -(int)BpfErrno.EAGAIN);
            return KernelErrors.Check(read, _handle.Kernel, "reading an iterator");
        }
        finally
        {
            _handle.Exit();
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    /// <summary>Reads the walk as records of a fixed size, as a program writes them with bpf_seq_write.</summary>
    /// <typeparam name="T">Layout of a record.</typeparam>
    /// <returns>The records, read as they are asked for.</returns>
    /// <exception cref="BpfException">The walk ended inside a record (EBADMSG), or reading failed.</exception>
    public IEnumerable<T> ReadRecords<T>()
        where T : unmanaged
    {
        byte[] buffer = new byte[Unsafe.SizeOf<T>() * Math.Max(1, 4096 / Unsafe.SizeOf<T>())];
        int held = 0;
        while (true)
        {
            int read = Read(buffer.AsSpan(held));
            if (read == 0)
                break;
            held += read;
            int whole = held - held % Unsafe.SizeOf<T>();
            for (int at = 0; at < whole; at += Unsafe.SizeOf<T>())
                yield return MemoryMarshal.Read<T>(buffer.AsSpan(at));
            buffer.AsSpan(whole, held - whole).CopyTo(buffer);
            held -= whole;
        }

        if (held != 0)
            throw new BpfException(BpfErrno.EBADMSG, "reading records of an iterator", null, $"The walk ended {held} bytes into a record of {Unsafe.SizeOf<T>()} bytes: the program writes records of another size than {typeof(T).Name}.");
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <summary>Not supported: a walk goes forward only.</summary>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("A walk goes forward only.");

    /// <summary>Not supported.</summary>
    public override void SetLength(long value) => throw new NotSupportedException("An iterator is read only.");

    /// <summary>Not supported.</summary>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("An iterator is read only.");

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _handle.Dispose();
        base.Dispose(disposing);
    }
}
