namespace LibbpfSharp.Emulator;

/// <summary>Sees an instruction before it runs.</summary>
/// <param name="step">The instruction; valid during the call.</param>
public delegate void EmulatedStepHandler(EmulatedStep step);
