using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LibbpfSharp.Maps;

namespace LibbpfSharp.Skeletons;

/// <summary>What the generated classes of struct_ops variables share: members by offset, callbacks by name.</summary>
public abstract class BpfStructOpsShadow
{
    /// <summary>Makes a view.</summary>
    /// <param name="definition">The variable before load.</param>
    protected BpfStructOpsShadow(BpfMapDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        Definition = definition;
    }

    /// <summary>The map that will hold it: whether it is created and attached, flags.</summary>
    public BpfMapDefinition Definition { get; }

    /// <summary>The whole struct, to be changed in place. Callbacks are not in it: they are zero.</summary>
    /// <exception cref="ObjectDisposedException">The object has been loaded.</exception>
    public Span<byte> Bytes => Definition.InitialData;

    /// <summary>A member.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="offset">Its offset in bytes.</param>
    /// <returns>The member.</returns>
    protected ref T MemberAt<T>(int offset)
        where T : unmanaged => ref Unsafe.As<byte, T>(ref MemoryMarshal.GetReference(Bytes.Slice(offset, Unsafe.SizeOf<T>())));

    /// <summary>A callback.</summary>
    /// <param name="name">Name of the member in C.</param>
    /// <returns>The program; null for none.</returns>
    protected BpfProgramDefinition? GetCallback(string name) => Definition.GetStructOpsProgram(name);

    /// <summary>Sets a callback.</summary>
    /// <param name="name">Name of the member in C.</param>
    /// <param name="program">The program; null for none.</param>
    /// <exception cref="ArgumentException">The program cannot be that callback; the message says why.</exception>
    protected void SetCallback(string name, BpfProgramDefinition? program) => Definition.SetStructOpsProgram(name, program);
}
