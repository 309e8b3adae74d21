using LibbpfSharp.Formats.Instructions;

namespace LibbpfSharp.Emulator;

/// <summary>
/// The structural checks of a load, in the order of Linux: functions and jumps, then each instruction's fields, then what can
/// be reached. After it the decoder may rely on the program's shape.
/// </summary>
internal sealed class InstructionChecker
{
    private const int MaximumFrames = 8;
    private const int TimerSetCallback = 170;

    private readonly ProgramLoad _load;
    private readonly BpfInstruction[] _code;
    private readonly bool[] _isSecondSlot;

    public InstructionChecker(ProgramLoad load)
    {
        _load = load;
        _code = load.Instructions;
        _isSecondSlot = new bool[_code.Length];
    }

    /// <summary>Checks the program.</summary>
    /// <returns>Its functions, the main one first, in ascending order of slots.</returns>
    /// <exception cref="LoadRefusedException">The program is refused.</exception>
    public ProgramFunction[] Check()
    {
        MarkSecondSlots();
        ProgramFunction[] functions = FindFunctions();
        CheckJumps(functions);
        for (int slot = 0; slot < _code.Length; slot++)
        {
            if (!_isSecondSlot[slot])
                CheckFields(slot);
        }

        CheckReachable();
        CheckStart();
        foreach (ProgramFunction function in functions)
            StackUse.Measure(function, _code, _load);
        return functions;
    }

    private void MarkSecondSlots()
    {
        for (int slot = 0; slot < _code.Length; slot++)
        {
            if (_code[slot].IsLoadImm64 && slot + 1 < _code.Length)
                _isSecondSlot[++slot] = true;
        }
    }

    private ProgramFunction[] FindFunctions()
    {
        var starts = new SortedSet<int> { 0 };
        if (_load.ExceptionCallback is { } callback)
            starts.Add(callback);
        for (int slot = 0; slot < _code.Length; slot++)
        {
            BpfInstruction instruction = _code[slot];
            if (_isSecondSlot[slot] || !(instruction.IsPseudoCall || instruction.IsPseudoFunc))
                continue;
            long target = slot + 1L + instruction.Immediate;
            if (target < 0 || target >= _code.Length)
                throw _load.Refuse(Errno.EINVAL, slot, $"call to invalid destination");
            if (_isSecondSlot[(int)target])
                throw _load.Refuse(Errno.EINVAL, slot, $"jump into the middle of ldimm64 insn {target - 1}");
            starts.Add((int)target);
        }

        if (starts.Count > 256)
            throw _load.Refuse(Errno.E2BIG, -1, "too many subprograms");
        int[] slots = [.. starts];
        var functions = new ProgramFunction[slots.Length];
        for (int i = 0; i < slots.Length; i++)
        {
            functions[i] = new ProgramFunction
            {
                Index = i,
                Name = i == 0 ? (_load.Name.Length > 0 ? _load.Name : "main") : $"func{i}",
                FirstSlot = slots[i],
                EndSlot = i + 1 < slots.Length ? slots[i + 1] : _code.Length,
            };
        }

        foreach (ProgramFunction function in functions)
        {
            for (int slot = function.FirstSlot; slot < function.EndSlot; slot++)
            {
                BpfInstruction instruction = _code[slot];
                if (_isSecondSlot[slot] || !(instruction.IsPseudoCall || instruction.IsPseudoFunc))
                    continue;
                int target = Array.BinarySearch(slots, slot + 1 + instruction.Immediate);
                function.Calls.Add((target, slot));
                functions[target].IsCallback |= instruction.IsPseudoFunc;
            }
        }

        return functions;
    }

    private void CheckJumps(ProgramFunction[] functions)
    {
        foreach (ProgramFunction function in functions)
        {
            for (int slot = function.FirstSlot; slot < function.EndSlot; slot++)
            {
                BpfInstruction instruction = _code[slot];
                if (_isSecondSlot[slot] || !instruction.IsJump)
                    continue;
                long target = JumpTarget(slot);
                if (target < function.FirstSlot || target >= function.EndSlot)
                    throw _load.Refuse(Errno.EINVAL, slot, $"jump out of range from insn {slot} to {target}");
            }

            BpfInstruction last = _code[function.EndSlot - 1];
            bool ends = !_isSecondSlot[function.EndSlot - 1]
                && last.Opcode is (BpfOpcode.Jmp | BpfOpcode.Exit) or (BpfOpcode.Jmp | BpfOpcode.Ja) or (BpfOpcode.Jmp32 | BpfOpcode.Ja);
            if (!ends)
                throw _load.Refuse(Errno.EINVAL, function.EndSlot - 1, "last insn is not an exit or jmp");
        }
    }

    private long JumpTarget(int slot) => slot + 1L + (IsLongJump(_code[slot]) ? _code[slot].Immediate : _code[slot].Offset);

    private static bool IsLongJump(BpfInstruction instruction) => instruction.Opcode == (BpfOpcode.Jmp32 | BpfOpcode.Ja);

    private void CheckFields(int slot)
    {
        BpfInstruction i = _code[slot];
        if (!InstructionRules.IsKnown(i))
            throw _load.Refuse(Errno.EINVAL, slot, $"unknown opcode {i.Opcode:x2}");
        if (InstructionRules.FindReservedField(i) is { } reserved)
            throw _load.Refuse(Errno.EINVAL, slot, reserved);
        if (i.IsLoadImm64)
        {
            if (slot + 1 >= _code.Length || _code[slot + 1].Opcode != 0 || _code[slot + 1].Registers != 0 || _code[slot + 1].Offset != 0)
                throw _load.Refuse(Errno.EINVAL, slot, "invalid bpf_ld_imm64 insn");
        }

        bool usesSource = InstructionRules.UsesSourceRegister(i);
        if (i.Dst > 10)
            throw _load.Refuse(Errno.EINVAL, slot, $"R{i.Dst} is invalid");
        if (usesSource && i.Src > 10)
            throw _load.Refuse(Errno.EINVAL, slot, $"R{i.Src} is invalid");
        if ((InstructionRules.WritesDestination(i) && i.Dst == 10) || (i.Src == 10 && InstructionRules.FetchesIntoSource(i)))
            throw _load.Refuse(Errno.EACCES, slot, "frame pointer is read only");
        if (InstructionRules.FindOperandError(i, _load.Kernel.AcceptsOutOfRangeShifts) is { } error)
            throw _load.Refuse(Errno.EINVAL, slot, error);
        if (i.Class == BpfOpcode.Ld && i.Mode is BpfOpcode.Abs or BpfOpcode.Ind && !_load.Kind.AllowsPacketLoads)
            throw _load.Refuse(Errno.EINVAL, slot, "BPF_LD_[ABS|IND] instructions not allowed for this program type");
    }

    // What no path leads to is refused; calls and functions whose address is taken count as paths.
    private void CheckReachable()
    {
        var seen = new bool[_code.Length];
        var work = new Stack<int>();
        work.Push(0);
        if (_load.ExceptionCallback is { } callback)
            work.Push(callback);
        while (work.TryPop(out int slot))
        {
            while (!seen[slot])
            {
                seen[slot] = true;
                BpfInstruction i = _code[slot];
                if (i.IsLoadImm64)
                {
                    if (i.IsPseudoFunc)
                        work.Push(slot + 1 + i.Immediate);
                    seen[++slot] = true;
                }
                else if (i.IsExit)
                {
                    break;
                }
                else if (i.IsPseudoCall)
                {
                    work.Push(slot + 1 + i.Immediate);
                }
                else if (i.IsJump)
                {
                    int target = (int)JumpTarget(slot);
                    if (_isSecondSlot[target])
                        throw _load.Refuse(Errno.EINVAL, slot, $"jump into the middle of ldimm64 insn {target - 1}");
                    if (i.Opcode is (BpfOpcode.Jmp | BpfOpcode.Ja) or (BpfOpcode.Jmp32 | BpfOpcode.Ja))
                    {
                        slot = target;
                        continue;
                    }

                    work.Push(target);
                }

                slot++;
            }
        }

        for (int slot = 0; slot < seen.Length; slot++)
        {
            if (!seen[slot])
                throw _load.Refuse(Errno.EINVAL, slot, $"unreachable insn {slot}");
        }
    }

    // What a loader puts in place of something that this kernel lacks is refused where it is certain that it is reached: before
    // the first branch. Elsewhere it depends on values, which Linux follows and the emulator meets when it runs the program.
    private void CheckStart()
    {
        var returns = new Stack<int>();
        int slot = 0;
        for (int steps = 0; steps < _code.Length; steps++)
        {
            BpfInstruction i = _code[slot];
            if (ProgramDecoder.IsLoadersStandIn(i))
                throw _load.Refuse(Errno.EINVAL, slot, $"invalid func unknown#{i.Immediate}");
            if (i.IsKfuncCall || (i.IsExit && returns.Count == 0))
                return;
            if (i.IsExit)
            {
                slot = returns.Pop();
            }
            else if (i.IsPseudoCall)
            {
                returns.Push(slot + 1);
                slot += 1 + i.Immediate;
            }
            else if (!i.IsJump)
            {
                slot += i.IsLoadImm64 ? 2 : 1;
            }
            else if (i.Opcode is (BpfOpcode.Jmp | BpfOpcode.Ja) or (BpfOpcode.Jmp32 | BpfOpcode.Ja))
            {
                slot = (int)JumpTarget(slot);
            }
            else
            {
                return;
            }
        }
    }

    /// <summary>Checks how deep calls nest and how much stack they need together: the last that Linux looks at.</summary>
    /// <exception cref="LoadRefusedException">Too deep, or too much.</exception>
    public void CheckCallDepth(ProgramFunction[] functions)
    {
        var deepest = new (int Frames, int Bytes)[functions.Length];
        var state = new byte[functions.Length];
        for (int i = 0; i < functions.Length; i++)
        {
            // Functions that only run on their own, such as timer callbacks, begin a stack of their own.
            (int frames, int bytes) = Deepest(functions, i, deepest, state);
            if (frames > MaximumFrames)
                throw _load.Refuse(Errno.E2BIG, functions[i].FirstSlot, $"the call stack of {frames} frames is too deep !");
            if (functions[i].IsCallback || functions[i].FirstSlot == _load.ExceptionCallback)
                CheckThrowsNothing(functions, i, new bool[functions.Length], i);
            if (bytes > RunContext.StackSize)
                throw _load.Refuse(Errno.EACCES, functions[i].FirstSlot, $"combined stack size of {frames} calls is {bytes}. Too large");
        }
    }

    private (int Frames, int Bytes) Deepest(ProgramFunction[] functions, int index, (int Frames, int Bytes)[] deepest, byte[] state)
    {
        const byte Active = 1;
        const byte Done = 2;
        if (state[index] == Done)
            return deepest[index];
        state[index] = Active;
        ProgramFunction function = functions[index];
        int frames = 0;
        int bytes = 0;
        foreach ((int callee, int slot) in function.Calls)
        {
            bool called = _code[slot].IsPseudoCall;
            if (!called && (state[callee] == Active || IsAsynchronous(function, slot)))
                continue;
            if (state[callee] == Active)
                throw _load.Refuse(Errno.E2BIG, slot, $"recursive call from {function.Name}() to {functions[callee].Name}()");
            (int calleeFrames, int calleeBytes) = Deepest(functions, callee, deepest, state);
            frames = Math.Max(frames, calleeFrames);
            bytes = Math.Max(bytes, calleeBytes);
        }

        state[index] = Done;
        return deepest[index] = (frames + 1, bytes + ((function.StackDepth + 15) & ~15));
    }

    // The frames of the helper between could not be ended.
    private void CheckThrowsNothing(ProgramFunction[] functions, int index, bool[] seen, int callback)
    {
        if (seen[index])
            return;
        seen[index] = true;
        if (functions[index].Throws)
            throw _load.Refuse(Errno.EINVAL, -1, $"bpf_throw kfunc cannot be called from callback subprog {callback}");
        foreach ((int callee, int slot) in functions[index].Calls)
        {
            if (_code[slot].IsPseudoCall)
                CheckThrowsNothing(functions, callee, seen, callback);
        }
    }

    // A function handed to bpf_timer_set_callback or a kfunc (work queues) runs later, on a stack of its own.
    private bool IsAsynchronous(ProgramFunction function, int slot)
    {
        for (int next = slot + 2; next < function.EndSlot; next++)
        {
            if (_code[next].IsCall)
                return _code[next].IsKfuncCall || (_code[next].IsHelperCall && _code[next].Immediate == TimerSetCallback);
            if (_code[next].IsJump || _code[next].IsExit)
                return false;
        }

        return false;
    }
}
