using LibbpfSharp.Formats.Instructions;

namespace LibbpfSharp.Emulator;

/// <content>What instructions refer to: maps, functions, helpers, kfuncs.</content>
internal sealed unsafe partial class ProgramDecoder
{
    private const int TailCallHelper = 12;

    // fd_array_cnt: the program keeps every map of the array, used or not.
    private void ResolveFdArray()
    {
        for (uint i = 0; i < _load.FdArrayCount; i++)
        {
            int fd = ((int*)_load.FdArray)[i];
            int error = _load.Kernel.Find((uint)fd, out EmulatedObject? found);
            if (error == 0 && found is EmulatedMap map)
                AddMap(map, -1);
            else if (found is not EmulatedBtf)
                throw _load.Refuse(error == 0 ? Errno.EINVAL : -error, -1, $"fd {fd} is not pointing to valid bpf_map or btf");
        }
    }

    private void DecodeLoadImmediate(Op* op, int slot)
    {
        BpfInstruction low = _source[slot];
        BpfInstruction high = _source[slot + 1];
        op->Code = OpCode.LoadImmediate;
        op->Offset = 0;
        switch (low.Src)
        {
            case 0:
                op->Immediate = (uint)low.Immediate | ((long)high.Immediate << 32);
                break;
            case BpfPseudo.Func:
                int target = slot + 1 + low.Immediate;
                int function = Array.FindIndex(_functions, f => f.FirstSlot == target);
                CheckCallback(slot, function);
                op->Immediate = (long)GuestAddress.Of(RegionLayout.Functions, (uint)function);
                break;
            case BpfPseudo.BtfId:
                op->Immediate = (long)ResolveVariable(slot, low.Immediate, high.Immediate);
                break;
            default:
                op->Immediate = (long)ResolveMap(slot, low, high.Immediate);
                break;
        }
    }

    // Linux wants BTF of a function whose address is taken, and that nobody else can call it.
    private void CheckCallback(int slot, int function)
    {
        if (_load.FunctionInfos.Length == 0)
            throw _load.Refuse(Errno.EINVAL, slot, "missing btf func_info");
        if (_load.Btf![_load.FunctionInfos[function].TypeId].Linkage != Formats.Btf.BtfLinkage.Static)
            throw _load.Refuse(Errno.EINVAL, slot, "callback function not static");
    }

    private ulong ResolveMap(int slot, BpfInstruction low, int offset)
    {
        int fd = low.Immediate;
        if (low.Src is BpfPseudo.MapIdx or BpfPseudo.MapIdxValue)
        {
            if (_load.FdArray == 0)
                throw _load.Refuse(Errno.EPROTO, slot, "fd_idx without fd_array is invalid");
            if (fd < 0 || (_load.FdArrayCount > 0 && (uint)fd >= _load.FdArrayCount))
                throw _load.Refuse(Errno.EFAULT, slot, $"fd_array has no entry {fd}");
            fd = ((int*)_load.FdArray)[fd];
        }

        int error = _load.Kernel.Find((uint)fd, out EmulatedMap? map);
        if (error != 0)
            throw _load.Refuse(-error, slot, $"fd {fd} is not pointing to valid bpf_map");
        int index = AddMap(map!, slot);
        bool isValue = low.Src is BpfPseudo.MapValue or BpfPseudo.MapIdxValue;
        _code.Shown[slot] = new BpfInstruction(low.Opcode, low.Dst, isValue ? BpfPseudo.MapValue : BpfPseudo.MapFd, 0, (int)map!.Id);
        if (low.Src is BpfPseudo.MapFd or BpfPseudo.MapIdx)
        {
            if (offset != 0)
                throw _load.Refuse(Errno.EINVAL, slot, "unrecognized bpf_ld_imm64 insn");
            return GuestAddress.Of(RegionLayout.Maps + index);
        }

        error = map!.GetDirectValue((uint)offset, out byte* native, out uint length);
        if (error == -Errno.ENOTSUPP)
            throw _load.Refuse(map.Type == BpfMapType.Array ? Errno.ENOTSUPP : Errno.EINVAL, slot, "no direct value access support for this map type");
        if (error != 0)
            throw _load.Refuse(-error, slot, $"invalid access to map value pointer, value_size={map.ValueSize} off={(uint)offset}");
        int value = _values.FindIndex(v => v.Native == native);
        if (value < 0)
        {
            value = _values.Count;
            _values.Add(new DirectValue(map, native, length, map.ProgramsCanWrite));
        }

        return GuestAddress.Of(RegionLayout.DirectValues + value, (uint)offset);
    }

    private int AddMap(EmulatedMap map, int slot)
    {
        int index = _maps.IndexOf(map);
        if (index >= 0)
            return index;
        if (_maps.Count == RegionLayout.MaximumMaps)
            throw _load.Refuse(Errno.E2BIG, slot, $"The total number of maps per program has reached the limit of {RegionLayout.MaximumMaps}");
        if (map is ArenaMap { IsMapped: false })
            throw _load.Refuse(Errno.EINVAL, slot, "arena's user address must be set via map_extra or mmap()");
        if (map is ArenaMap && _maps.Exists(m => m is ArenaMap))
            throw _load.Refuse(Errno.EBUSY, slot, "Only one arena per program");
        map.Acquire();
        _maps.Add(map);
        return _maps.Count - 1;
    }

    private ulong ResolveVariable(int slot, int btfId, int btfFd)
    {
        if (_load.Kernel.KernelTypes.Btf is { } btf && btfFd == 0 && btf.IsValidId((uint)btfId)
            && (btfId == 0 || btf[(uint)btfId].Kind is not (Formats.Btf.BtfKind.Var or Formats.Btf.BtfKind.Func)))
            throw _load.Refuse(Errno.EINVAL, slot, $"pseudo btf_id {btfId} in ldimm64 isn't KIND_VAR or KIND_FUNC");

        // The address of a function, as bpf_ksym_exists() of a kfunc asks for it: a number that is not NULL and that nothing can be read at.
        if (_load.Kernel.KernelTypes.NameOfFunction((uint)btfId, btfFd) is { } function)
        {
            foreach (Interop.KernelSymbol symbol in _load.Kernel.Machine.ReadSymbols())
            {
                if (symbol.Name == function)
                    return symbol.Address;
            }
        }

        string name = _load.Kernel.KernelTypes.NameOfVariable((uint)btfId, btfFd);
        throw _load.Refuse(Errno.ENOENT, slot, $"ldimm64 failed to find the address for kernel symbol '{name}'.");
    }

    private void DecodeCall(Op* op, int slot)
    {
        BpfInstruction i = _source[slot];
        ProgramFunction caller = FunctionOf(slot);
        if (i.IsSourceRegister)
        {
            op->Code = OpCode.CallRegister;
            return;
        }

        if (i.IsPseudoCall)
        {
            int target = slot + 1 + i.Immediate;
            op->Code = OpCode.CallFunction;
            op->Immediate = Array.FindIndex(_functions, f => f.FirstSlot == target);
            return;
        }

        if (i.IsKfuncCall)
        {
            KfuncDescriptor kfunc = ResolveKfunc(slot, i);
            _code.KfuncNames.Add(kfunc.Name);
            caller.Throws |= kfunc.Name == "bpf_throw";
            SetCall(op, (nint)kfunc.Implementation, kfunc.Registered);
            return;
        }

        if (IsLoadersStandIn(i.Immediate))
        {
            // Linux accepts such a call where it proves that it is never reached; here reaching it is the fault.
            op->Code = OpCode.Invalid;
            return;
        }

        HelperDescriptor helper = ResolveHelper(slot, i.Immediate);
        _code.HelperIds.Add(helper.Id);
        if (helper.Id == TailCallHelper)
        {
            caller.HasTailCall = true;
            op->Code = OpCode.TailCall;
            return;
        }

        SetCall(op, (nint)helper.Implementation, helper.Registered);
    }

    private void SetCall(Op* op, nint implementation, EmulatedFunction? registered)
    {
        if (registered is null)
        {
            op->Code = OpCode.CallHelper;
            op->Immediate = implementation;
        }
        else
        {
            op->Code = OpCode.CallRegistered;
            op->Immediate = _registered.Count;
            _registered.Add(registered);
        }
    }

    /// <summary>Whether an instruction stands for something that this kernel does not have.</summary>
    public static bool IsLoadersStandIn(BpfInstruction i) => i.IsHelperCall && IsLoadersStandIn(i.Immediate);

    // The ids that libbpf, and so our loader, put where a CO-RE relocation or a weak kfunc has no answer on this kernel.
    private static bool IsLoadersStandIn(int helperId) => helperId == 195896080 || helperId is >= 2_001_000_000 and < 2_003_000_000;

    private HelperDescriptor ResolveHelper(int slot, int id)
    {
        string name = BpfHelperNames.GetName((BpfHelperId)id);
        HelperDescriptor? helper = _load.Kernel.Helpers.Find(id);
        if (helper is null)
        {
            bool exists = id > 0 && id < BpfHelperNames.Count;
            throw _load.Refuse(Errno.EINVAL, slot, exists
                ? $"helper {name}#{id} is not implemented by this emulated kernel"
                : $"invalid func unknown#{id}");
        }

        if (!helper.ProgramTypes.Contains(_load.Type) || !_load.Kernel.IsAtLeast(helper.Since))
            throw _load.Refuse(Errno.EINVAL, slot, $"program of this type cannot use helper {helper.Name}#{id}");
        if (helper.Permit?.Invoke(_load) is { } reason)
            throw _load.Refuse(reason.Length > 0 && helper.Id == (int)BpfHelperId.GetFuncIp ? Errno.ENOTSUPP : Errno.EINVAL, slot, reason.Length > 0 ? reason : $"program of this type cannot use helper {helper.Name}#{id}");
        if (helper.GplOnly && !_load.IsGplCompatible)
            throw _load.Refuse(Errno.EINVAL, slot, "cannot call GPL-restricted function from non-GPL compatible program");
        return helper;
    }

    private KfuncDescriptor ResolveKfunc(int slot, BpfInstruction i)
    {
        if (!_load.IsGplCompatible)
            throw _load.Refuse(Errno.EINVAL, slot, "cannot call kernel function from non-GPL compatible program");
        if (i.Offset < 0)
            throw _load.Refuse(Errno.EINVAL, slot, "negative offset disallowed for kernel module function call");
        string? name = _load.Kernel.KernelTypes.NameOfFunction(_load, (uint)i.Immediate, i.Offset);
        if (name is null)
            throw _load.Refuse(Errno.EINVAL, slot, $"kernel btf_id {(uint)i.Immediate} is not a function");
        KfuncDescriptor? kfunc = _load.Kernel.Kfuncs.Find(name);
        if (kfunc is null || !_load.Kernel.IsAtLeast(kfunc.Since))
            throw _load.Refuse(Errno.EACCES, slot, $"calling kernel function {name} is not allowed: this emulated kernel does not implement it");
        if (!kfunc.ProgramTypes.Contains(_load.Type))
            throw _load.Refuse(Errno.EACCES, slot, $"calling kernel function {name} is not allowed");
        if (kfunc.Permit?.Invoke(_load) is { } reason)
            throw _load.Refuse(Errno.EACCES, slot, reason.Length > 0 ? reason : $"calling kernel function {name} is not allowed");
        if ((kfunc.Flags & KfuncFlags.Sleepable) != 0 && !_load.IsSleepable)
            throw _load.Refuse(Errno.EACCES, slot, $"program must be sleepable to call sleepable kfunc {name}");
        return kfunc;
    }

    private ProgramFunction FunctionOf(int slot)
    {
        int low = 0;
        int high = _functions.Length - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (_functions[middle].FirstSlot <= slot)
                low = middle;
            else
                high = middle - 1;
        }

        return _functions[low];
    }
}
