using LibbpfSharp.Skeleton.Model;

namespace LibbpfSharp.Skeleton.Emit;

/// <summary>Writes the C# of a <see cref="TypeSet"/>, nested in a class that the caller has opened.</summary>
public sealed partial class TypeEmitter
{
    private const string Interop = "global::System.Runtime.InteropServices";
    private const string C = "global::LibbpfSharp.CTypes";

    private readonly TypeSet _set;
    private readonly string _container;
    private readonly string _access;
    private readonly CodeWriter _out;

    /// <summary>Makes an emitter.</summary>
    /// <param name="set">What to write.</param>
    /// <param name="container">The class that will hold the types, from <c>global::</c> on.</param>
    /// <param name="access"><c>public</c> or <c>internal</c>.</param>
    /// <param name="output">Where to.</param>
    public TypeEmitter(TypeSet set, string container, string access, CodeWriter output)
    {
        _set = set;
        _container = container;
        _access = access;
        _out = output;
    }

    /// <summary>Writes all types and the check of their layout.</summary>
    public void Emit()
    {
        foreach (TypeModel type in _set.Types)
        {
            switch (type)
            {
                case EnumModel e:
                    EmitEnum(e);
                    break;
                case ConstantsModel c:
                    EmitConstants(c);
                    break;
                case ArrayModel a:
                    EmitArray(a);
                    break;
                case StructModel s:
                    EmitStruct(s);
                    break;
            }

            _out.Line();
        }

        EmitLayoutCheck();
    }

    /// <summary>The type as C# writes it anywhere.</summary>
    /// <param name="type">The use of a type.</param>
    /// <returns>Its full name.</returns>
    public string Name(TypeRef type)
    {
        if (type.IsGenerated)
            return $"{_container}.{type.Name}";
        return type.Kind == TypeRefKind.Pointer && _set.NamesById.TryGetValue(type.Pointee, out string? pointee)
            ? $"{C}.BpfPtr<{_container}.{pointee}>"
            : type.Name;
    }

    private void NameAttribute(string cName) => _out.Line($"[{C}.BpfName({CodeWriter.Literal(cName)})]");

    private void EmitEnum(EnumModel type)
    {
        _out.Summary($"<c>{CodeWriter.Xml(type.CName)}</c>, {type.Size} bytes. Other values than those listed are possible.");
        NameAttribute(type.CName);
        if (type.IsFlags)
            _out.Line("[global::System.Flags]");
        _out.Line($"{_access} enum {type.Name} : {type.Underlying}");
        _out.Open();
        foreach (EnumValueModel value in type.Values)
        {
            _out.Summary($"<c>{CodeWriter.Xml(value.CName)}</c>.");
            _out.Line($"{value.Name} = {value.Value},");
        }

        _out.Close();
    }

    private void EmitConstants(ConstantsModel type)
    {
        _out.Summary("Enumerators of enumerations that have no name.");
        _out.Line($"{_access} static class {type.Name}");
        _out.Open();
        foreach ((string underlying, EnumValueModel value) in type.Values)
        {
            _out.Summary($"<c>{CodeWriter.Xml(value.CName)}</c>.");
            _out.Line($"public const {underlying} {value.Name} = {value.Value};");
        }

        _out.Close();
    }

    private void EmitArray(ArrayModel type)
    {
        string element = Name(type.Element);
        _out.Summary($"An array of {type.Length} as in <c>{CodeWriter.Xml(type.CName)}</c>, {type.Size} bytes.{(type.IsText ? " Text ends at the first NUL." : "")}");
        _out.Line($"[global::System.Runtime.CompilerServices.InlineArray({type.Length})]");
        _out.Line($"{_access} struct {type.Name} : global::System.IEquatable<{type.Name}>");
        _out.Open();
        _out.Summary("Number of elements.");
        _out.Line($"public const int Length = {type.Length};");
        _out.Line();
        _out.Line($"private {element} _element0;");
        _out.Line();
        if (type.IsText)
        {
            _out.Summary("The text as UTF-8, filled up with NUL.");
            _out.Line("/// <param name=\"text\">The text.</param>");
            _out.Line($"/// <exception cref=\"global::System.ArgumentException\">The text has more than {type.Length - 1} bytes.</exception>");
            _out.Line($"public static implicit operator {type.Name}(string text)");
            _out.Open();
            _out.Line($"{type.Name} result = default;");
            _out.Line($"{C}.BpfStruct.WriteText(text, {C}.BpfStruct.MutableBytes(ref result));");
            _out.Line("return result;");
            _out.Close();
            _out.Line();
        }

        Operators(type.Name);
        _out.Summary("The elements, to change them.");
        _out.Line("/// <returns>A view of this variable.</returns>");
        _out.Line("[global::System.Diagnostics.CodeAnalysis.UnscopedRef]");
        _out.Line($"public global::System.Span<{element}> AsSpan() => {Interop}.MemoryMarshal.CreateSpan(ref _element0, Length);");
        _out.Line();
        _out.Summary("The elements.");
        _out.Line("/// <returns>A view of this variable.</returns>");
        _out.Line("[global::System.Diagnostics.CodeAnalysis.UnscopedRef]");
        _out.Line($"public readonly global::System.ReadOnlySpan<{element}> AsReadOnlySpan() => {Interop}.MemoryMarshal.CreateReadOnlySpan(in _element0, Length);");
        _out.Line();
        Equality(type.Name);
        _out.Line("/// <inheritdoc/>");
        _out.Line($"public override readonly string ToString() => {C}.BpfStruct.{(type.IsText ? "ReadText(AsReadOnlySpan())" : $"Describe<{element}>(AsReadOnlySpan())")};");
        _out.Close();
    }

    private void Operators(string name)
    {
        _out.Summary("Compares byte by byte.");
        _out.Line("/// <param name=\"left\">One value.</param>");
        _out.Line("/// <param name=\"right\">The other.</param>");
        _out.Line($"public static bool operator ==({name} left, {name} right) => left.Equals(right);");
        _out.Line();
        _out.Summary("Compares byte by byte.");
        _out.Line("/// <param name=\"left\">One value.</param>");
        _out.Line("/// <param name=\"right\">The other.</param>");
        _out.Line($"public static bool operator !=({name} left, {name} right) => !left.Equals(right);");
        _out.Line();
    }

    private void Equality(string name)
    {
        _out.Line("/// <inheritdoc/>");
        _out.Line($"public readonly bool Equals({name} other) => {C}.BpfStruct.AreEqual(in this, in other);");
        _out.Line();
        _out.Line("/// <inheritdoc/>");
        _out.Line($"public override readonly bool Equals(object? obj) => obj is {name} other && Equals(other);");
        _out.Line();
        _out.Line("/// <inheritdoc/>");
        _out.Line($"public override readonly int GetHashCode() => {C}.BpfStruct.GetHashCode(in this);");
        _out.Line();
    }

    private void EmitLayoutCheck()
    {
        _out.Summary("Compares the layout that the runtime gives the types with that of the BPF object.");
        _out.Line($"{_access} static class LayoutCheck");
        _out.Open();
        _out.Summary("Checks all types.");
        _out.Line("/// <exception cref=\"global::System.InvalidOperationException\">A size or an offset differs.</exception>");
        _out.Line("public static void Run()");
        _out.Open();
        foreach (TypeModel type in _set.Types)
        {
            if (type is EnumModel or ArrayModel or StructModel)
                _out.Line($"{C}.BpfStruct.CheckLayout(\"{type.Name}\", global::System.Runtime.CompilerServices.Unsafe.SizeOf<{_container}.{type.Name}>(), {type.Size});");
        }

        foreach (StructModel type in _set.Types.OfType<StructModel>())
        {
            if (type.Members.Any(m => m.Access == MemberAccess.Field))
                _out.Line($"Check{type.Name}();");
        }

        _out.Close();
        foreach (StructModel type in _set.Types.OfType<StructModel>())
        {
            MemberModel[] fields = [.. type.Members.Where(m => m.Access == MemberAccess.Field)];
            if (fields.Length == 0)
                continue;
            _out.Line();
            _out.Line($"private static void Check{type.Name}()");
            _out.Open();
            _out.Line($"{_container}.{type.Name} value = default;");
            _out.Line($"ref byte start = ref global::System.Runtime.CompilerServices.Unsafe.As<{_container}.{type.Name}, byte>(ref value);");
            foreach (MemberModel field in fields)
            {
                _out.Line($"{C}.BpfStruct.CheckLayout(\"{type.Name}.{field.Name}\", global::System.Runtime.CompilerServices.Unsafe.ByteOffset(ref start, "
                    + $"ref global::System.Runtime.CompilerServices.Unsafe.As<{Name(field.Type)}, byte>(ref value.{field.Name})), {field.Offset});");
            }

            _out.Close();
        }

        _out.Close();
    }
}
