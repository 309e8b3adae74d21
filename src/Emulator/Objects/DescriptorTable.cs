using System.Runtime.CompilerServices;

namespace LibbpfSharp.Emulator;

/// <summary>
/// Descriptors of one range. Finding one takes no lock and allocates nothing; the lowest free number is given out, as
/// Linux does.
/// </summary>
internal sealed class DescriptorTable(int first, int limit)
{
    private readonly Lock _lock = new();
    private KernelFile?[] _files = new KernelFile?[16];
    private int _count;
    private int _lowestFree;

    /// <summary>Open descriptors.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The open file of a descriptor, or null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public KernelFile? Find(int fd)
    {
        KernelFile?[] files = Volatile.Read(ref _files);
        uint index = (uint)(fd - first);
        return index < (uint)files.Length ? Volatile.Read(ref files[index]) : null;
    }

    /// <summary>Gives a file a descriptor.</summary>
    /// <returns>The descriptor or -EMFILE.</returns>
    public int Add(KernelFile file)
    {
        lock (_lock)
        {
            int index = _lowestFree;
            while (index < _files.Length && _files[index] is not null)
                index++;
            if (index >= limit)
                return -Errno.EMFILE;
            if (index == _files.Length)
            {
                KernelFile?[] grown = new KernelFile?[_files.Length * 2];
                _files.CopyTo(grown, 0);
                grown[index] = file;
                Volatile.Write(ref _files, grown);
            }
            else
            {
                Volatile.Write(ref _files[index], file);
            }

            _lowestFree = index + 1;
            _count++;
            return first + index;
        }
    }

    /// <summary>Takes a descriptor out of the table.</summary>
    /// <returns>Its file, or null if it was not open.</returns>
    public KernelFile? Remove(int fd)
    {
        lock (_lock)
        {
            int index = fd - first;
            if ((uint)index >= (uint)_files.Length || _files[index] is not { } file)
                return null;
            Volatile.Write(ref _files[index], null);
            _lowestFree = Math.Min(_lowestFree, index);
            _count--;
            return file;
        }
    }

    /// <summary>The descriptors that are open now.</summary>
    public int[] ToArray()
    {
        lock (_lock)
            return [.. Enumerable.Range(0, _files.Length).Where(i => _files[i] is not null).Select(i => first + i)];
    }
}
