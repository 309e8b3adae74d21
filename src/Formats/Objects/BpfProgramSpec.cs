namespace LibbpfSharp.Formats.Objects;

/// <summary>A program of an object file: a function that the kernel can be given, with what its section name says.</summary>
public sealed class BpfProgramSpec
{
    internal BpfProgramSpec(BpfFunctionSpec function, BpfSectionName section, int index)
    {
        Function = function;
        Section = section;
        Index = index;
    }

    /// <summary>C name.</summary>
    public string Name => Function.Name;

    /// <summary>Name of its section as in the object file.</summary>
    public string SectionName => Function.SectionName;

    /// <summary>What the section name says.</summary>
    public BpfSectionName Section { get; }

    /// <summary>Its own code, without the subprograms that it calls (<see cref="BpfProgramLinker"/>).</summary>
    public BpfFunctionSpec Function { get; }

    /// <summary>
    /// The function that bpf_throw calls in the end, named by the declaration tag "exception_callback:NAME" on the program; null for
    /// the kernel's own, which returns the cookie.
    /// </summary>
    public BpfFunctionSpec? ExceptionCallback { get; internal set; }

    /// <summary>Index in <see cref="BpfObjectFile.Programs"/>.</summary>
    public int Index { get; }

    /// <summary>Program type (enum bpf_prog_type) by the section name; 0 if it says none.</summary>
    public uint ProgramType => Section.ProgramType;

    /// <summary>Expected attach type (enum bpf_attach_type) by the section name; null if it has none.</summary>
    public uint? ExpectedAttachType => Section.ExpectedAttachType;

    /// <summary>False if the program is loaded only if asked for (section name with a leading '?').</summary>
    public bool AutoLoad => Section.AutoLoad;

    /// <summary>For people.</summary>
    /// <returns>Name and section.</returns>
    public override string ToString() => $"{Name} ({SectionName})";
}
