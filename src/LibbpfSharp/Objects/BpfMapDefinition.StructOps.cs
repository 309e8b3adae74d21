using LibbpfSharp.Formats.Objects;

namespace LibbpfSharp;

/// <content>struct_ops: which program is which callback.</content>
public sealed partial class BpfMapDefinition
{
    private Dictionary<string, BpfProgramDefinition?>? _callbacks;

    /// <summary>The program that is a callback of a struct_ops variable.</summary>
    /// <param name="member">Name of the member of the struct.</param>
    /// <returns>The program; null if the callback is left out.</returns>
    /// <exception cref="InvalidOperationException">The map is no struct_ops variable.</exception>
    public BpfProgramDefinition? GetStructOpsProgram(string member)
    {
        ArgumentException.ThrowIfNullOrEmpty(member);
        return Callbacks.GetValueOrDefault(member);
    }

    /// <summary>
    /// Makes a program a callback of a struct_ops variable, or leaves the callback out. A program that is no callback any more
    /// is not loaded, one that becomes one is: its <see cref="BpfProgramDefinition.AutoLoad"/> is set so.
    /// </summary>
    /// <param name="member">Name of the member of the struct, which must be a pointer to a function.</param>
    /// <param name="program">A struct_ops program of the same object; null for none.</param>
    /// <exception cref="ArgumentException">The program is no struct_ops program, of another object, or a callback of another name already (the kernel verifies a program for one).</exception>
    /// <exception cref="InvalidOperationException">The map is no struct_ops variable.</exception>
    /// <exception cref="ObjectDisposedException">The object has been loaded.</exception>
    public void SetStructOpsProgram(string member, BpfProgramDefinition? program)
    {
        ArgumentException.ThrowIfNullOrEmpty(member);
        _owner.RequireEditable();
        Dictionary<string, BpfProgramDefinition?> callbacks = Callbacks;
        BpfProgramDefinition? before = callbacks.GetValueOrDefault(member);
        if (ReferenceEquals(before, program))
            return;
        if (program is not null)
        {
            if (program.Type != BpfProgramType.StructOps)
                throw new ArgumentException($"{program} cannot be callback '{member}' of '{Name}': it is a {program.Type} program; use SEC(\"struct_ops/{program.Name}\").", nameof(program));
            if (!_owner.Programs.Contains(program))
                throw new ArgumentException($"{program} cannot be callback '{member}' of '{Name}': it belongs to another object.", nameof(program));
            if (_owner.StructOpsMemberOf(program) is { } other && other != member)
                throw new ArgumentException($"{program} cannot be callback '{member}' of '{Name}': it is callback '{other}', and the kernel verifies a program for one. Set that to null first.", nameof(program));
        }

        callbacks[member] = program;
        if (before is not null && _owner.StructOpsMemberOf(before) is null)
            before.AutoLoad = false;
        if (program is not null)
            program.AutoLoad = true;
    }

    /// <summary>The callbacks that are there: member and program.</summary>
    internal IEnumerable<(string Member, BpfProgramDefinition Program)> StructOpsPrograms
    {
        get
        {
            foreach ((string member, BpfProgramDefinition? program) in Callbacks)
            {
                if (program is not null)
                    yield return (member, program);
            }
        }
    }

    /// <summary>Whether a program became a callback that it is not in the file: libbpf learns from the file's relocations only.</summary>
    internal bool HasNewStructOpsProgram => _callbacks is not null
        && StructOpsPrograms.Any(callback => !_owner.File.Maps.Any(map => map.StructOpsPrograms.Any(p => p.Member == callback.Member && p.Program.Name == callback.Program.Name)));

    private Dictionary<string, BpfProgramDefinition?> Callbacks
    {
        get
        {
            if (Spec.Kind != BpfMapSpecKind.StructOps)
                throw new InvalidOperationException($"Map '{Name}' is no struct_ops variable.");
            return _callbacks ??= Spec.StructOpsPrograms.ToDictionary(p => p.Member, p => (BpfProgramDefinition?)_owner.Programs[p.Program.Index], StringComparer.Ordinal);
        }
    }
}
