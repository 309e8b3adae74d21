namespace LibbpfSharp.Interop;

/// <summary>enum libbpf_print_level.</summary>
internal enum LibbpfLogLevel
{
    Warning = 0,
    Information = 1,
    Debug = 2,
}
