using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LibbpfSharp.Formats.Objects;

namespace LibbpfSharp.Skeletons;

/// <summary>
/// What the generated classes of data sections share: variables are found once, by name, then reached in the memory that programs see.
/// A reference is good until the object is disposed of, which must outlive every use.
/// </summary>
public abstract class BpfSkeletonSection
{
    private readonly BpfObject _owner;
    private readonly BpfSkeletonVariable[] _variables;
    private readonly (BpfDataSection? Section, int Offset)[] _places;
    private readonly string _name;

    /// <summary>Makes a view.</summary>
    /// <param name="owner">The loaded object.</param>
    /// <param name="name">Name of the section.</param>
    /// <param name="variables">The variables, by the numbers that <see cref="VariableAt{T}"/> takes.</param>
    protected BpfSkeletonSection(BpfObject owner, string name, BpfSkeletonVariable[] variables)
    {
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentNullException.ThrowIfNull(variables);
        _owner = owner;
        _name = name;
        _variables = variables;
        _places = new (BpfDataSection?, int)[variables.Length];
    }

    /// <summary>The whole section to be read, also what lies behind its variables where it was made larger before load.</summary>
    /// <exception cref="KeyNotFoundException">The object has no such section.</exception>
    /// <exception cref="ObjectDisposedException">The object was disposed of.</exception>
    public ReadOnlySpan<byte> ReadOnlyBytes => _owner.Sections[_name].ReadOnlyBytes;

    /// <summary>The whole section.</summary>
    /// <exception cref="InvalidOperationException">The section is read-only.</exception>
    private protected Span<byte> WritableBytes => _owner.Sections[_name].Bytes;

    /// <summary>A variable.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="index">Its number.</param>
    /// <returns>The variable.</returns>
    protected ref T VariableAt<T>(int index)
        where T : unmanaged
    {
        (BpfDataSection section, int offset) = Place(index);
        return ref Unsafe.As<byte, T>(ref Unsafe.Add(ref MemoryMarshal.GetReference(section.Bytes), offset));
    }

    /// <summary>A variable to be read.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="index">Its number.</param>
    /// <returns>The variable.</returns>
    protected ref readonly T ConstantAt<T>(int index)
        where T : unmanaged
    {
        (BpfDataSection section, int offset) = Place(index);
        return ref Unsafe.As<byte, T>(ref Unsafe.Add(ref MemoryMarshal.GetReference(section.ReadOnlyBytes), offset));
    }

    /// <summary>The bytes of a variable.</summary>
    /// <param name="index">Its number.</param>
    /// <returns>The bytes.</returns>
    protected Span<byte> VariableBytesAt(int index)
    {
        (BpfDataSection section, int offset) = Place(index);
        return section.Bytes.Slice(offset, _variables[index].Size);
    }

    /// <summary>The bytes of a variable to be read.</summary>
    /// <param name="index">Its number.</param>
    /// <returns>The bytes.</returns>
    protected ReadOnlySpan<byte> ConstantBytesAt(int index)
    {
        (BpfDataSection section, int offset) = Place(index);
        return section.ReadOnlyBytes.Slice(offset, _variables[index].Size);
    }

    /// <summary>The elements of an array that is the last of its section: all that fit if the section was made larger before load.</summary>
    /// <typeparam name="T">Type of an element.</typeparam>
    /// <param name="index">Number of the array.</param>
    /// <returns>The elements.</returns>
    protected Span<T> ElementsAt<T>(int index)
        where T : unmanaged
    {
        (BpfDataSection section, int offset) = Place(index);
        return MemoryMarshal.Cast<byte, T>(section.Bytes[offset..]);
    }

    /// <summary>As <see cref="ElementsAt{T}"/>, to be read.</summary>
    /// <typeparam name="T">Type of an element.</typeparam>
    /// <param name="index">Number of the array.</param>
    /// <returns>The elements.</returns>
    protected ReadOnlySpan<T> ConstantElementsAt<T>(int index)
        where T : unmanaged
    {
        (BpfDataSection section, int offset) = Place(index);
        return MemoryMarshal.Cast<byte, T>(section.ReadOnlyBytes[offset..]);
    }

    private (BpfDataSection Section, int Offset) Place(int index)
    {
        (BpfDataSection? section, int offset) = _places[index];
        return section is not null ? (section, offset) : Find(index);
    }

    private (BpfDataSection Section, int Offset) Find(int index)
    {
        BpfSkeletonVariable wanted = _variables[index];
        (BpfDataSection section, BpfVariableSpec variable) = _owner.Find(wanted.Name);
        if (variable.Size != wanted.Size)
            throw new BpfSkeletonMismatchException(_owner.ToString(), [$"variable '{wanted.Name}' has {variable.Size} bytes, not {wanted.Size}"]);
        _places[index] = (section, (int)variable.Offset);
        return (section, (int)variable.Offset);
    }
}
