namespace LibbpfSharp.Formats.Instructions;

// Memory and 64-bit immediates.
public sealed partial class BpfAssembler
{
    /// <summary><c>rD = *(uN *)(rS + off)</c>: zero-extends.</summary>
    /// <param name="size">Size of the access.</param>
    /// <param name="dst">Result.</param>
    /// <param name="src">Address.</param>
    /// <param name="offset">Offset in bytes.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Load(BpfSize size, BpfRegister dst, BpfRegister src, short offset) =>
        Put(BpfOpcode.Ldx | BpfOpcode.Mem | (byte)size, dst, src, offset, 0);

    /// <summary><c>rD = *(sN *)(rS + off)</c>: sign-extends (v4, Linux 6.6).</summary>
    /// <param name="size">Size of the access: 1, 2 or 4 bytes.</param>
    /// <param name="dst">Result.</param>
    /// <param name="src">Address.</param>
    /// <param name="offset">Offset in bytes.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentOutOfRangeException">8 bytes cannot be sign-extended.</exception>
    public BpfAssembler LoadSigned(BpfSize size, BpfRegister dst, BpfRegister src, short offset) => size != BpfSize.DoubleWord
        ? Put(BpfOpcode.Ldx | BpfOpcode.MemSx | (byte)size, dst, src, offset, 0)
        : throw new ArgumentOutOfRangeException(nameof(size), size, "A sign-extending load takes 1, 2 or 4 bytes.");

    /// <summary><c>*(uN *)(rD + off) = rS</c>.</summary>
    /// <param name="size">Size of the access.</param>
    /// <param name="dst">Address.</param>
    /// <param name="offset">Offset in bytes.</param>
    /// <param name="src">What to store.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Store(BpfSize size, BpfRegister dst, short offset, BpfRegister src) =>
        Put(BpfOpcode.Stx | BpfOpcode.Mem | (byte)size, dst, src, offset, 0);

    /// <summary><c>*(uN *)(rD + off) = imm</c>; for 8 bytes the immediate is sign-extended.</summary>
    /// <param name="size">Size of the access.</param>
    /// <param name="dst">Address.</param>
    /// <param name="offset">Offset in bytes.</param>
    /// <param name="immediate">What to store.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler Store(BpfSize size, BpfRegister dst, short offset, int immediate) =>
        Put(BpfOpcode.St | BpfOpcode.Mem | (byte)size, dst, 0, offset, immediate);

    /// <summary>An atomic operation on memory at <c>rD + off</c>.</summary>
    /// <param name="operation">Operation. All but add without fetch need v3 (Linux 5.12).</param>
    /// <param name="size">4 or 8 bytes; <see cref="BpfAtomicOperation.LoadAcquire"/> and StoreRelease take any size.</param>
    /// <param name="dst">Address (of LoadAcquire: the result).</param>
    /// <param name="offset">Offset in bytes.</param>
    /// <param name="src">Operand; receives the old value if the operation fetches (of LoadAcquire: the address).</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is not one that the operation has.</exception>
    public BpfAssembler Atomic(BpfAtomicOperation operation, BpfSize size, BpfRegister dst, short offset, BpfRegister src)
    {
        bool ordered = operation is BpfAtomicOperation.LoadAcquire or BpfAtomicOperation.StoreRelease;
        if (!ordered && size is not (BpfSize.Word or BpfSize.DoubleWord))
            throw new ArgumentOutOfRangeException(nameof(size), size, $"The atomic operation {operation} takes 4 or 8 bytes.");
        return Put(BpfOpcode.Stx | BpfOpcode.Atomic | (byte)size, dst, src, offset, (int)operation);
    }

    /// <summary><c>rD = load_acquire((uN *)(rS + off))</c> (Linux 6.15).</summary>
    /// <param name="size">Size of the access.</param>
    /// <param name="dst">Result.</param>
    /// <param name="src">Address.</param>
    /// <param name="offset">Offset in bytes.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler LoadAcquire(BpfSize size, BpfRegister dst, BpfRegister src, short offset) =>
        Atomic(BpfAtomicOperation.LoadAcquire, size, dst, offset, src);

    /// <summary><c>store_release((uN *)(rD + off), rS)</c> (Linux 6.15).</summary>
    /// <param name="size">Size of the access.</param>
    /// <param name="dst">Address.</param>
    /// <param name="offset">Offset in bytes.</param>
    /// <param name="src">What to store.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler StoreRelease(BpfSize size, BpfRegister dst, short offset, BpfRegister src) =>
        Atomic(BpfAtomicOperation.StoreRelease, size, dst, offset, src);

    /// <summary><c>r0 = *(uN *)skb[imm]</c>: packet data in host byte order (legacy; R6 must hold the __sk_buff).</summary>
    /// <param name="size">1, 2 or 4 bytes.</param>
    /// <param name="offset">Offset in the packet in bytes.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such size.</exception>
    public BpfAssembler LoadPacketAbsolute(BpfSize size, int offset) =>
        Put(BpfOpcode.Ld | BpfOpcode.Abs | CheckPacketSize(size), 0, 0, 0, offset);

    /// <summary><c>r0 = *(uN *)skb[rS + imm]</c>: packet data in host byte order (legacy; R6 must hold the __sk_buff).</summary>
    /// <param name="size">1, 2 or 4 bytes.</param>
    /// <param name="src">First part of the offset.</param>
    /// <param name="offset">Second part of the offset, in bytes.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such size.</exception>
    public BpfAssembler LoadPacketIndirect(BpfSize size, BpfRegister src, int offset) =>
        Put(BpfOpcode.Ld | BpfOpcode.Ind | CheckPacketSize(size), 0, src, 0, offset);

    /// <summary><c>rD = imm ll</c>, two slots.</summary>
    /// <param name="dst">Result.</param>
    /// <param name="value">The immediate.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler LoadImm64(BpfRegister dst, ulong value) => Wide(dst, 0, (int)value, (int)(value >> 32));

    /// <summary><c>rD = imm ll</c>, two slots.</summary>
    /// <param name="dst">Result.</param>
    /// <param name="value">The immediate.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler LoadImm64(BpfRegister dst, long value) => LoadImm64(dst, (ulong)value);

    /// <summary>Loads the map with the given descriptor, two slots.</summary>
    /// <param name="dst">Result.</param>
    /// <param name="mapFd">The map's descriptor in the process that loads the program.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler LoadMapFd(BpfRegister dst, int mapFd) => Wide(dst, BpfPseudo.MapFd, mapFd, 0);

    /// <summary>Loads an address in the only value of an array map, two slots (Linux 5.2).</summary>
    /// <param name="dst">Result.</param>
    /// <param name="mapFd">The map's descriptor in the process that loads the program.</param>
    /// <param name="offset">Offset in the value in bytes.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler LoadMapValue(BpfRegister dst, int mapFd, int offset) => Wide(dst, BpfPseudo.MapValue, mapFd, offset);

    /// <summary>Loads a map by its index in fd_array, two slots (Linux 5.14).</summary>
    /// <param name="dst">Result.</param>
    /// <param name="index">Index in fd_array.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler LoadMapIndex(BpfRegister dst, int index) => Wide(dst, BpfPseudo.MapIdx, index, 0);

    /// <summary>As <see cref="LoadMapValue"/>, by an index in fd_array (Linux 5.14).</summary>
    /// <param name="dst">Result.</param>
    /// <param name="index">Index in fd_array.</param>
    /// <param name="offset">Offset in the value in bytes.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler LoadMapIndexValue(BpfRegister dst, int index, int offset) => Wide(dst, BpfPseudo.MapIdxValue, index, offset);

    /// <summary>Loads the address of a kernel variable, two slots (Linux 5.10).</summary>
    /// <param name="dst">Result.</param>
    /// <param name="btfId">BTF id of the variable.</param>
    /// <param name="btfFd">Descriptor of the module's BTF, 0 for vmlinux.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler LoadKernelVariable(BpfRegister dst, int btfId, int btfFd = 0) => Wide(dst, BpfPseudo.BtfId, btfId, btfFd);

    /// <summary>Loads the address of a subprogram, for a callback, two slots (Linux 5.13).</summary>
    /// <param name="dst">Result.</param>
    /// <param name="label">The subprogram.</param>
    /// <returns>This builder.</returns>
    public BpfAssembler LoadFunction(BpfRegister dst, string label) =>
        Refer(label, FixupKind.Immediate).Wide(dst, BpfPseudo.Func, 0, 0);

    private static byte CheckPacketSize(BpfSize size) => size != BpfSize.DoubleWord
        ? (byte)size
        : throw new ArgumentOutOfRangeException(nameof(size), size, "A packet load takes 1, 2 or 4 bytes.");

    private BpfAssembler Wide(BpfRegister dst, byte pseudo, int low, int high) =>
        AddPseudo(BpfOpcode.LoadImm64, dst, pseudo, 0, low).Emit(new BpfInstruction(0, (byte)0, 0, 0, high));
}
