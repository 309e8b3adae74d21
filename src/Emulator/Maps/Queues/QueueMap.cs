using System.Runtime.CompilerServices;

namespace LibbpfSharp.Emulator;

/// <summary>QUEUE and STACK: a ring of values under one lock.</summary>
internal sealed unsafe class QueueMap : EmulatedMap
{
    private readonly NativeBlock _memory;
    private readonly ulong _slots;
    private readonly bool _isStack;
    private ulong _head; // the slot to fill next
    private ulong _tail; // the oldest
    private int _lock;

    public QueueMap(EmulatedKernel kernel, MapSpec spec)
        : base(kernel, spec)
    {
        _slots = (ulong)spec.MaxEntries + 1;
        _isStack = spec.Type == BpfMapType.Stack;
        _memory = new NativeBlock(checked(_slots * spec.ValueSize));
    }

    public override bool SupportsLookupAndDelete => true;

    public override int Push(byte* value, ulong flags)
    {
        if (flags is not (0 or FlagExist))
            return -Errno.EINVAL;
        SpinWord.Acquire(ref _lock);
        bool isFull = Next(_head) == _tail;
        if (isFull && flags != 0)
            _tail = Next(_tail);
        if (!isFull || flags != 0)
        {
            Unsafe.CopyBlockUnaligned(At(_head), value, ValueSize);
            _head = Next(_head);
        }

        SpinWord.Release(ref _lock);
        return isFull && flags == 0 ? -Errno.E2BIG : 0;
    }

    public override int Pop(byte* value) => Get(value, remove: true);

    public override int Peek(byte* value) => Get(value, remove: false);

    public override int SyscallLookup(byte* key, ulong value, ulong flags) => Take(value, remove: false);

    public override int SyscallLookupAndDelete(byte* key, ulong value, ulong flags) => Take(value, remove: true);

    public override int SyscallUpdate(byte* key, byte* value, ulong flags, KernelFile file) => Push(value, flags);

    public override int SyscallDelete(byte* key) => -Errno.EINVAL;

    public override int SyscallNextKey(byte* key, ulong next) => -Errno.EINVAL;

    protected override void Destroy()
    {
        _memory.Dispose();
        base.Destroy();
    }

    private byte* At(ulong slot) => _memory.Start + (slot * ValueSize);

    private ulong Next(ulong slot) => slot + 1 == _slots ? 0 : slot + 1;

    private int Get(byte* value, bool remove)
    {
        SpinWord.Acquire(ref _lock);
        bool isEmpty = _head == _tail;
        if (isEmpty)
            Unsafe.InitBlockUnaligned(value, 0, ValueSize);
        else
            Unsafe.CopyBlockUnaligned(value, At(Choose(remove)), ValueSize);
        SpinWord.Release(ref _lock);
        return isEmpty ? -Errno.ENOENT : 0;
    }

    // The element is gone before the copy to user memory can fail.
    private int Take(ulong user, bool remove)
    {
        SpinWord.Acquire(ref _lock);
        int result = -Errno.ENOENT;
        if (_head != _tail)
            result = CopyOut(user, At(Choose(remove)), ValueSize);
        SpinWord.Release(ref _lock);
        return result;
    }

    private ulong Choose(bool remove)
    {
        if (_isStack)
        {
            ulong newest = _head == 0 ? _slots - 1 : _head - 1;
            if (remove)
                _head = newest;
            return newest;
        }

        ulong oldest = _tail;
        if (remove)
            _tail = Next(_tail);
        return oldest;
    }
}
