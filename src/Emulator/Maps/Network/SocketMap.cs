using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace LibbpfSharp.Emulator;

/// <summary>SOCKMAP, SOCKHASH, XSKMAP and REUSEPORT_SOCKARRAY: sockets by index or by key; reading gives cookies.</summary>
internal sealed unsafe class SocketMap(EmulatedKernel kernel, MapSpec spec) : EmulatedMap(kernel, spec)
{
    private const int AddressFamilyXdp = 44;
    private readonly ConcurrentDictionary<string, EmulatedSocket> _sockets = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    private bool IsHash => Type == BpfMapType.SockHash;

    /// <summary>The socket of a key, or null.</summary>
    public EmulatedSocket? Get(byte* key) => _sockets.GetValueOrDefault(KeyOf(key));

    public override EmulatedObject? GetSlotObject(byte* key) => Get(key);

    public override int DeleteElement(byte* key) => SyscallDelete(key);

    /// <summary>bpf_sock_map_update() and bpf_sock_hash_update(), and what bpf(2) does once it has the socket.</summary>
    public int Store(byte* key, EmulatedSocket socket, ulong flags)
    {
        if (flags > FlagExist)
            return -Errno.EINVAL;
        if (!IsHash && *(uint*)key >= MaxEntries)
            return -Errno.E2BIG;
        EmulatedSocket? old;
        lock (_lock)
        {
            old = Get(key);
            if (old is not null && flags == FlagNoExist)
                return -Errno.EEXIST;
            if (old is null && flags == FlagExist)
                return -Errno.ENOENT;
            if (old is null && IsHash && (uint)_sockets.Count >= MaxEntries)
                return -Errno.E2BIG;
            socket.Acquire();
            _sockets[KeyOf(key)] = socket;
        }

        old?.Release();
        return 0;
    }

    public override int SyscallLookup(byte* key, ulong value, ulong flags)
    {
        if (Type == BpfMapType.XskMap)
            return -Errno.EOPNOTSUPP;
        if (ValueSize != sizeof(ulong))
            return -Errno.ENOSPC;
        if (Get(key) is not { } socket)
            return -Errno.ENOENT;
        ulong cookie = socket.Id;
        return CopyOut(value, &cookie, sizeof(ulong));
    }

    public override int SyscallUpdate(byte* key, byte* value, ulong flags, KernelFile file)
    {
        ulong fd = ValueSize == 8 ? Unsafe.ReadUnaligned<ulong>(value) : Unsafe.ReadUnaligned<uint>(value);
        if (Type is BpfMapType.XskMap or BpfMapType.ReusePortSockArray)
        {
            if (flags > FlagExist)
                return -Errno.EINVAL;
            if (*(uint*)key >= MaxEntries)
                return -Errno.E2BIG;
        }

        if ((ValueSize == 8 || Type is BpfMapType.SockMap or BpfMapType.SockHash) && fd > int.MaxValue)
            return -Errno.EINVAL;
        if (Kernel.FindFile((int)fd) is not { } opened)
            return -Errno.EBADF;
        if (opened.Object is not EmulatedSocket socket)
            return -Errno.ENOTSOCK;
        return Type == BpfMapType.XskMap && socket.Family != AddressFamilyXdp ? -Errno.EOPNOTSUPP : Store(key, socket, flags);
    }

    public override int SyscallDelete(byte* key)
    {
        if (!IsHash && *(uint*)key >= MaxEntries)
            return Type == BpfMapType.ReusePortSockArray ? -Errno.E2BIG : -Errno.EINVAL;
        if (_sockets.TryRemove(KeyOf(key), out EmulatedSocket? old))
        {
            old.Release();
            return 0;
        }

        return Type switch
        {
            BpfMapType.XskMap => 0,
            BpfMapType.SockMap => -Errno.EINVAL,
            _ => -Errno.ENOENT,
        };
    }

    public override int SyscallNextKey(byte* key, ulong next)
    {
        if (!IsHash)
            return ArrayKeys.Next(key, next, MaxEntries);
        string[] keys = [.. _sockets.Keys.Order(StringComparer.Ordinal)];
        int index = key == null ? 0 : Array.IndexOf(keys, KeyOf(key)) + 1;
        if (index >= keys.Length)
            return -Errno.ENOENT;
        fixed (byte* found = Convert.FromHexString(keys[index]))
            return CopyOut(next, found, KeySize);
    }

    protected override void Destroy()
    {
        foreach (EmulatedSocket socket in _sockets.Values)
            socket.Release();
        base.Destroy();
    }

    private string KeyOf(byte* key) => Convert.ToHexString(new ReadOnlySpan<byte>(key, (int)KeySize));
}
