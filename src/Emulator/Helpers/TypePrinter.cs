using System.Globalization;
using System.Text;
using LibbpfSharp.Formats.Btf;

namespace LibbpfSharp.Emulator;

/// <summary>
/// Prints memory by its BTF type, as bpf_snprintf_btf does (btf_type_show in kernel/bpf/btf.c): what is zero is left out, unless it
/// stands alone or is asked for, and so is a structure or array within another that has nothing else.
/// </summary>
internal sealed unsafe class TypePrinter(RunContext run, BtfData btf, ulong flags)
{
    private const ulong Compact = 1, NoName = 2, RawPointers = 4, Zero = 8; // a program's addresses give nothing away: all pointers are raw
    private const int MaximumNesting = 10; // BTF_SHOW_MAX_ITER
    private const int DeepestMembers = 32;

    private readonly StringBuilder _text = new();
    private BtfType? _type; // the type that is being printed, as resolved
    private uint _typeId; // the same before that: a typedef keeps its name
    private BtfMember? _member;
    private bool _isElement;
    private bool _isCharacters;
    private bool _isTerminated;
    private int _depth;
    private int _error;
    private bool _isOnTrial;
    private int _values;

    /// <summary>All flags (BTF_F_ALL).</summary>
    public const ulong AllFlags = Compact | NoName | RawPointers | Zero;

    /// <summary>Prints.</summary>
    /// <param name="typeId">The type.</param>
    /// <param name="address">Guest address of the memory.</param>
    /// <param name="text">What was printed.</param>
    /// <returns>0; if some of the memory cannot be read -EFAULT, or -ERANGE for what is no address of the kernel's.</returns>
    public int Print(uint typeId, ulong address, out string text)
    {
        Show(typeId, address, 0);
        text = _text.ToString();
        return _error;
    }

    private void Show(uint typeId, ulong address, uint bitOffset)
    {
        BtfType type = btf[btf.ResolveTypedefs(typeId)];
        switch (type.Kind)
        {
            case BtfKind.Int:
                Start(type, typeId);
                ShowInteger(type, address, bitOffset);
                break;
            case BtfKind.Enum or BtfKind.Enum64:
                Start(type, typeId);
                ShowEnum(type, address);
                break;
            case BtfKind.Ptr:
                Start(type, typeId);
                if (TryRead(address, sizeof(ulong), out ulong pointer))
                    Value(pointer != 0, $"0x{pointer:x16}");
                break;
            case BtfKind.Array:
                if (IsShown(() => ShowArray(type, typeId, address)))
                    ShowArray(type, typeId, address);
                break;
            case BtfKind.Struct or BtfKind.Union:
                if (IsShown(() => ShowStructure(type, typeId, address)))
                    ShowStructure(type, typeId, address);
                break;
            default:
                _text.Append(CultureInfo.InvariantCulture, $"<unsupported kind:{(int)type.Kind}>");
                break;
        }

        End();
    }

    // Printed on trial: only if a value within came out is it printed.
    private bool IsShown(Action show)
    {
        if (_depth == 0 || _isOnTrial || (flags & Zero) != 0)
            return true;
        (int length, BtfMember? member, bool isElement, bool isCharacters, bool isTerminated, int values) = (_text.Length, _member, _isElement, _isCharacters, _isTerminated, _values);
        _isOnTrial = true;
        show();
        _isOnTrial = false;
        bool any = _values > values;
        _text.Length = length;
        (_member, _isElement, _isCharacters, _isTerminated, _values) = (member, isElement, isCharacters, isTerminated, values);
        return any;
    }

    private void ShowStructure(BtfType type, uint typeId, ulong address)
    {
        if (_depth > DeepestMembers)
            return;
        Open(type, typeId);
        foreach (BtfMember member in type.Members)
        {
            _member = member;
            ulong at = address + (member.BitOffset / 8);
            if (member.BitfieldSize != 0)
            {
                Start(btf[member.TypeId], member.TypeId);
                ShowBits(at, member.BitOffset % 8, (uint)member.BitfieldSize);
                End();
            }
            else
            {
                Show(member.TypeId, at, member.BitOffset % 8);
            }

            _member = null;
        }

        Close("}");
    }

    private void ShowArray(BtfType type, uint typeId, ulong address)
    {
        uint elementId = type.ElementTypeId;
        BtfType element = btf[btf.ResolveTypedefs(elementId)];
        if (_depth > DeepestMembers || !btf.TryGetSize(elementId, out uint size))
            return;
        _isCharacters = element.Kind == BtfKind.Int && (size == 1 || (element.IntEncoding & BtfIntEncoding.Char) != 0);
        _isTerminated = false;
        Open(type, typeId);
        for (uint i = 0; i < type.ElementCount && _error == 0; i++)
        {
            _isElement = true;
            _member = null;
            Show(elementId, address + (i * size), 0);
            _isElement = false;
            if (_isTerminated)
                break;
        }

        _isCharacters = _isTerminated = false;
        Close("]");
    }

    private void ShowInteger(BtfType type, ulong address, uint bitOffset)
    {
        int bits = type.IntBits;
        if (bitOffset != 0 || type.IntBitOffset != 0 || bits % 8 != 0)
        {
            ShowBits(address + (bitOffset / 8), (bitOffset + (uint)type.IntBitOffset) % 8, (uint)bits);
            return;
        }

        if (bits == 128)
        {
            ShowBits(address, 0, 128);
            return;
        }

        if (!TryRead(address, bits / 8, out ulong value))
            return;
        if (bits == 8 && _isCharacters)
        {
            if (_isTerminated)
                return;
            if (value == 0)
            {
                _isTerminated = true;
                return;
            }

            if (value is >= 0x20 and < 0x7f)
            {
                Value(true, $"'{(char)value}'");
                return;
            }
        }

        int unused = 64 - bits;
        Value(value != 0, type.IsSignedInt
            ? ((long)(value << unused) >> unused).ToString(CultureInfo.InvariantCulture)
            : value.ToString(CultureInfo.InvariantCulture));
    }

    private void ShowEnum(BtfType type, ulong address)
    {
        if (!TryRead(address, type.Kind == BtfKind.Enum ? sizeof(int) : sizeof(long), out ulong value))
            return;
        long number = type.Kind == BtfKind.Enum ? (type.IsSignedEnum ? (int)value : (uint)value) : (long)value;
        foreach (BtfEnumValue known in type.EnumValues)
        {
            if (known.Value != number && (type.IsSignedEnum || (ulong)known.Value != (ulong)number))
                continue;
            Value(true, known.Name);
            return;
        }

        Value(number != 0, type.IsSignedEnum ? number.ToString(CultureInfo.InvariantCulture) : ((ulong)number).ToString(CultureInfo.InvariantCulture));
    }

    private void ShowBits(ulong address, uint offset, uint bits)
    {
        UInt128 value = 0;
        for (uint i = 0; i < (offset + bits + 7) / 8; i++)
        {
            if (!TryRead(address + i, 1, out ulong part))
                return;
            value |= (UInt128)part << (int)(i * 8);
        }

        value = (value >> (int)offset) & (bits >= 128 ? UInt128.MaxValue : (UInt128.One << (int)bits) - 1);
        Value(value != 0, (value >> 64) == 0 ? $"0x{(ulong)value:x}" : $"0x{(ulong)(value >> 64):x}{(ulong)value:x16}");
    }

    private void Value(bool isNonZero, string value)
    {
        if (!isNonZero && (flags & Zero) == 0 && _depth > 0)
            return;
        _values++;
        _text.Append(Indent).Append(Name()).Append(value).Append(Delimiter).Append(NewLine);
    }

    private void Open(BtfType type, uint typeId)
    {
        Start(type, typeId);
        _text.Append(Indent).Append(Name()).Append(NewLine);
        _depth++;
    }

    private void Close(string bracket)
    {
        _depth--;
        _text.Append(Indent).Append(bracket).Append(Delimiter).Append(NewLine);
        End();
    }

    private void Start(BtfType type, uint typeId) => (_type, _typeId) = (type, typeId);

    private void End() => (_type, _typeId) = (null, 0);

    private string Indent => (flags & Compact) != 0 ? "" : new string(' ', _depth);

    private string NewLine => (flags & Compact) != 0 ? "" : "\n";

    private string Delimiter => _depth == 0 ? "" : (flags & Compact) != 0 && _type is { Kind: BtfKind.Union } ? "|" : ",";

    // ".member = (struct name *[])[": what comes before a value. Elements of an array have none.
    private string Name()
    {
        if (_isElement)
            return "";
        string member = _member?.Name ?? "";
        uint id = _member?.TypeId ?? _typeId;
        string? name = null;
        string brackets = "", stars = "", suffixes = "";
        bool isArray = false, isTypedef = false;
        int nesting = 0;
        BtfType type = btf[id];
        for (; nesting < MaximumNesting; nesting++)
        {
            uint next = 0;
            switch (type.Kind)
            {
                case BtfKind.Typedef:
                    name ??= type.Name;
                    isTypedef = true;
                    next = type.TypeId;
                    break;
                case BtfKind.Array:
                    isArray = true;
                    brackets = "[";
                    suffixes += "[]";
                    next = type.ElementTypeId;
                    break;
                case BtfKind.Ptr:
                    stars += "*";
                    next = type.TypeId;
                    break;
            }

            if (next == 0)
                break;
            type = btf[btf.StripModifiers(next)];
        }

        if (nesting == MaximumNesting)
            return "";
        name ??= type.Name;
        string prefix = "";
        if (type.IsComposite)
        {
            prefix = type.Kind == BtfKind.Struct ? "struct" : "union";
            if (!isArray)
                brackets = "{";
        }
        else if (type.IsAnyEnum)
        {
            prefix = "enum";
        }

        if (stars.Length > 0)
            brackets = "";
        if (isTypedef)
            prefix = "";
        if ((flags & NoName) != 0)
            return brackets;
        string space = prefix.Length > 0 && name.Length > 0 ? " " : "";
        string pointers = stars.Length > 0 ? " " + stars : "";
        return $"{(member.Length > 0 ? $".{member} = " : "")}({prefix}{space}{name}{pointers}{suffixes}){brackets}";
    }

    private bool TryRead(ulong address, int size, out ulong value)
    {
        value = 0;
        if (_error != 0)
            return false;
        if (!run.TryTranslate(address, (ulong)size, write: false, out byte* native))
        {
            _error = (long)address >= 0 ? -Errno.ERANGE : -Errno.EFAULT;
            return false;
        }

        fixed (ulong* target = &value)
            Buffer.MemoryCopy(native, target, sizeof(ulong), size);
        return true;
    }
}
