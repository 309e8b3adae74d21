namespace LibbpfSharp.Emulator;

internal sealed unsafe partial class RunContext
{
    /// <summary>Runs a function of a program outside any run: the callback of a timer.</summary>
    /// <param name="program">The program.</param>
    /// <param name="function">Index of the function.</param>
    /// <param name="map">Map whose value holds the timer.</param>
    /// <param name="value">The value.</param>
    /// <returns>r0.</returns>
    /// <exception cref="BpfFaultException">The callback did something wrong.</exception>
    public ulong ExecuteCallback(EmulatedProgram program, int function, EmulatedMap map, byte* value)
    {
        if (Depth >= 0)
            throw new InvalidOperationException("A run context runs one program at a time.");
        Program = program;
        ContextState = null;
        TailCalls = 0;
        Budget = Kernel.InstructionBudget;
        Install(program);
        ContextAddress = Memory.OpenFixed(RegionLayout.Context, RegionKind.None, null, 0, 0);
        uint keySize = map.KeySize;
        using var block = new NativeBlock(keySize); // keys may be larger than a stack
        byte* key = block.Start;
        TimerTable.FindKey(map, value, key);
        try
        {
            ulong keyAddress = OpenRegion(RegionKind.MapKey, key, keySize, 0, map);
            ulong result = program.Engine.Call(this, program, function, LeaseMap(map), keyAddress, LeaseValue(map, value), 0, 0);
            if (_held > 0)
                CheckNothingHeld();
            return result;
        }
        catch (BpfThrownException thrown)
        {
            return thrown.Cookie;
        }
        catch (BpfFaultException fault)
        {
            fault.Fault ??= FaultReport.Describe(this, fault);
            throw;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            var fault = new BpfFaultException(BpfFaultKind.Internal, $"{e.GetType().Name}: {e.Message}");
            fault.Fault = FaultReport.Describe(this, fault);
            throw fault;
        }
        finally
        {
            Finish();
        }
    }
}
