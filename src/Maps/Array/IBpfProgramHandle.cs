using LibbpfSharp.Interop;

namespace LibbpfSharp.Maps;

/// <summary>A loaded program, as something that a slot of a program array can hold. Implemented by this library's programs.</summary>
public interface IBpfProgramHandle
{
    /// <summary>The program's descriptor.</summary>
    internal KernelHandle Handle { get; }
}
