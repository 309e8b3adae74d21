namespace LibbpfSharp.Emulator;

/// <summary>A helper or kfunc that a test supplies.</summary>
/// <param name="call">Arguments, and access to the memory of the program that calls.</param>
/// <returns>What the program receives in r0; errors as -errno.</returns>
public delegate long EmulatedFunction(EmulatedCall call);
