using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LibbpfSharp.Maps;

/// <summary>
/// Which bytes of an unmanaged type are fields, and which are padding. Found by experiment rather than by the rules
/// of layout: a box full of ones has each field copied into a box of zeros, and what changed there is the field. That
/// holds for sequential, packed, explicit and automatic layout alike.
/// </summary>
internal sealed class TypeLayout
{
    /// <summary>What trimming must keep of a type whose layout is looked at.</summary>
    public const DynamicallyAccessedMemberTypes Needed = DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.NonPublicFields;

    private const int MaxLeaves = 4096;
    private readonly bool[] _used;
    private readonly List<TypeLeaf> _leaves = [];

    private TypeLayout(Type type, int size)
    {
        Type = type;
        Size = size;
        _used = new bool[size];
    }

    public Type Type { get; }

    /// <summary>Bytes, as sizeof has it.</summary>
    public int Size { get; }

    /// <summary>Numbers and pointers with their places; null if there are too many to compare.</summary>
    public IReadOnlyList<TypeLeaf>? Leaves => _leaves.Count <= MaxLeaves ? _leaves : null;

    /// <summary>The layout of a type; found once.</summary>
    public static TypeLayout Of<[DynamicallyAccessedMembers(Needed)] T>()
        where T : unmanaged => Cache<T>.Layout;

    /// <summary>Bytes that no field covers, as text such as "1 to 3, 12"; null if there is none.</summary>
    public string? DescribePadding()
    {
        var ranges = new List<string>();
        for (int i = 0; i < Size; i++)
        {
            if (_used[i])
                continue;
            int start = i;
            while (i + 1 < Size && !_used[i + 1])
                i++;
            ranges.Add(start == i ? $"{start}" : $"{start} to {i}");
        }

        return ranges.Count == 0 ? null : string.Join(", ", ranges);
    }

    private static Span<byte> Bytes(object box, int size) => MemoryMarshal.CreateSpan(ref Unsafe.As<RawBox>(box).First, size);

    private void Collect(object ones, object zeros, [DynamicallyAccessedMembers(Needed)] Type type, int size, int offset, string path)
    {
        if (_leaves.Count > MaxLeaves)
        {
            Use(offset, size);
            return;
        }

        if (IsScalar(type))
        {
            AddLeaf(offset, size, type, path);
            return;
        }

        FieldInfo[] fields = type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
        if (type.GetCustomAttribute<InlineArrayAttribute>() is { Length: > 0 } array && fields.Length == 1)
        {
            CollectArray(ones, zeros, fields[0], array.Length, size, offset, path);
            return;
        }

        if (fields.Length == 0)
        {
            // Opaque bytes: a type with a size only, or one whose fields trimming has removed.
            AddBytes(offset, size, path);
            return;
        }

        foreach (FieldInfo field in fields)
            CollectField(ones, zeros, field, size, offset, path);
    }

    private void CollectField(object ones, object zeros, FieldInfo field, int size, int offset, string path)
    {
        Span<byte> bytes = Bytes(zeros, size);
        object zero = field.GetValue(zeros)!;
        object value = field.GetValue(ones)!;
        field.SetValue(zeros, value);
        int at = bytes.IndexOfAnyExcept((byte)0);
        int fieldSize = SizeOf(field.FieldType);
        bytes.Clear();
        if (at < 0 || at + fieldSize > size)
            return;
        string name = path.Length == 0 ? field.Name : $"{path}.{field.Name}";
        if (field.GetCustomAttribute<FixedBufferAttribute>() is { } buffer)
        {
            int element = SizeOf(buffer.ElementType);
            for (int i = 0; i < buffer.Length && _leaves.Count <= MaxLeaves; i++)
                AddLeaf(offset + at + (i * element), element, buffer.ElementType, name);
            Use(offset + at, buffer.Length * element);
        }
        else
        {
            Nested(value, zero, field.FieldType, fieldSize, offset + at, name);
        }
    }

    private void CollectArray(object ones, object zeros, FieldInfo element, int length, int size, int offset, string path)
    {
        object value = element.GetValue(ones)!;
        object zero = element.GetValue(zeros)!;
        int elementSize = size / length;
        if (elementSize == 1)
        {
            AddBytes(offset, size, path);
            return;
        }

        for (int i = 0; i < length; i++)
            Nested(value, zero, element.FieldType, elementSize, offset + (i * elementSize), path);
    }

    [UnconditionalSuppressMessage("Trimming", "IL2067", Justification = "Where the fields of a nested type are trimmed away its bytes count as used, which refuses nothing.")]
    private void Nested(object ones, object zeros, Type type, int size, int offset, string path) => Collect(ones, zeros, type, size, offset, path);

    private void AddLeaf(int offset, int size, Type type, string path)
    {
        _leaves.Add(new TypeLeaf(offset, size, type == typeof(float) || type == typeof(double) || type == typeof(Half), path));
        Use(offset, size);
    }

    private void AddBytes(int offset, int size, string path)
    {
        for (int i = 0; i < size && _leaves.Count <= MaxLeaves; i++)
            _leaves.Add(new TypeLeaf(offset + i, 1, false, path));
        Use(offset, size);
    }

    private void Use(int offset, int size) => _used.AsSpan(offset, size).Fill(true);

    private static bool IsScalar(Type type) => type.IsPrimitive || type.IsEnum || type.IsPointer || type.IsFunctionPointer
        || type == typeof(Half) || type == typeof(Int128) || type == typeof(UInt128) || type == typeof(decimal);

    private static int SizeOf(Type type) => type.IsPointer || type.IsFunctionPointer ? IntPtr.Size : RuntimeHelpers.SizeOf(type.TypeHandle);

    private static unsafe TypeLayout Build<[DynamicallyAccessedMembers(Needed)] T>()
        where T : unmanaged
    {
        var layout = new TypeLayout(typeof(T), sizeof(T));
        object ones = default(T);
        Bytes(ones, sizeof(T)).Fill(0xFF);
        layout.Collect(ones, default(T), typeof(T), sizeof(T), 0, "");
        return layout;
    }

    // What every boxed value begins with.
    private sealed class RawBox
    {
        public byte First;
    }

    private static class Cache<[DynamicallyAccessedMembers(Needed)] T>
        where T : unmanaged
    {
        public static readonly TypeLayout Layout = Build<T>();
    }
}
