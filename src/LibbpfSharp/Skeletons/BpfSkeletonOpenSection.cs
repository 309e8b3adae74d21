using System.Runtime.InteropServices;

namespace LibbpfSharp.Skeletons;

/// <summary>What the generated classes of data sections before load share: initial values, and the section's size.</summary>
public abstract class BpfSkeletonOpenSection
{
    private readonly BpfObjectOpen _open;
    private readonly string _name;

    /// <summary>Makes a view.</summary>
    /// <param name="open">The object before load.</param>
    /// <param name="name">Name of the section.</param>
    protected BpfSkeletonOpenSection(BpfObjectOpen open, string name)
    {
        _open = open;
        _name = name;
    }

    /// <summary>The whole section, to be changed in place.</summary>
    /// <exception cref="ObjectDisposedException">The object has been loaded.</exception>
    public Span<byte> Bytes => _open.Maps[_name].InitialData;

    /// <summary>Makes the section larger; the new bytes are zero. An array that is its last variable has more elements then.</summary>
    /// <param name="bytes">Size of the whole section in bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is smaller than the variables in it.</exception>
    /// <exception cref="ObjectDisposedException">The object has been loaded.</exception>
    public void Resize(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        _open.Maps[_name].ValueSize = (uint)bytes;
    }

    /// <summary>The initial value of a variable.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="name">Its name in C.</param>
    /// <returns>The variable.</returns>
    protected ref T VariableAt<T>(string name)
        where T : unmanaged => ref _open.Global<T>(name);

    /// <summary>The initial bytes of a variable.</summary>
    /// <param name="name">Its name in C.</param>
    /// <returns>The bytes.</returns>
    protected Span<byte> VariableBytesAt(string name) => _open.GlobalBytes(name);

    /// <summary>The elements of an array that is the last of its section.</summary>
    /// <typeparam name="T">Type of an element.</typeparam>
    /// <param name="name">Name of the array in C.</param>
    /// <param name="offset">Its offset in the section in bytes.</param>
    /// <returns>The elements.</returns>
    protected Span<T> ElementsAt<T>(string name, int offset)
        where T : unmanaged
    {
        _open.GlobalBytes(name);
        return MemoryMarshal.Cast<byte, T>(Bytes[offset..]);
    }
}
