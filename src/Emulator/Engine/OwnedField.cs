namespace LibbpfSharp.Emulator;

/// <summary>A field that the kernel owns, in a map's value or an object that a program made.</summary>
/// <param name="native">Its bytes.</param>
/// <param name="container">Guest address of the value or object that it is in.</param>
/// <param name="fields">All such fields of that.</param>
/// <param name="described">The field.</param>
/// <param name="owner">The map or <see cref="AllocatedObject"/>.</param>
internal readonly unsafe struct OwnedField(byte* native, ulong container, MapFields fields, MapField described, object owner)
{
    /// <summary>Its bytes.</summary>
    public byte* Native => native;

    /// <summary>Guest address of the value or object that it is in.</summary>
    public ulong Container => container;

    /// <summary>All fields of that value or object.</summary>
    public MapFields Fields => fields;

    /// <summary>The field.</summary>
    public MapField Field => described;

    /// <summary>The map or object.</summary>
    public object Owner => owner;
}
