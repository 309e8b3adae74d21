namespace LibbpfSharp;

/// <summary>What to do about refusals whose cause is known from their sentence.</summary>
internal static class VerifierHints
{
    /// <summary>The remedy for a report, or null.</summary>
    public static string? For(BpfVerifierReport report, string log)
    {
        string reason = report.Reason ?? "";
        if (Has(reason, "CO-RE relocation") || Has(log, "unknown#195896080"))
            return "A CO-RE relocation could not be resolved and the code that depends on it was reached: the field, type or enumerator does not exist on this kernel. Guard it with bpf_core_field_exists().";
        if (Has(reason, "invalid mem access 'map_value_or_null'") || Has(reason, "invalid mem access 'mem_or_null'") || Has(reason, "_or_null'"))
            return "The pointer may be NULL here: compare it with NULL before it is used (a map lookup or a reservation can fail).";
        if (Has(reason, "Possibly NULL pointer passed"))
            return "The argument may be NULL: compare it with NULL before the call.";
        if (Has(reason, "invalid access to packet"))
            return "Compare the end of what is read with data_end first: if (data + offset + size > data_end) return ...;";
        if (Has(reason, "back-edge from insn") || Has(reason, "infinite loop detected"))
            return "The loop has no bound that the verifier sees: give it a constant bound, use bpf_loop() or an open-coded iterator, or unroll it.";
        if (Has(reason, "BPF program is too large") || Has(reason, "The sequence of") || Has(reason, "too many states"))
            return "The verifier gave up after too many instructions: bound loops more tightly, split work into subprograms or bpf_loop(), or move state out of loops.";
        if (Has(reason, "program of this type cannot use helper") || Has(reason, "unknown func") || Has(reason, "helper call is not allowed"))
            return "The helper is not allowed in this program type on this kernel (bpf-helpers(7) lists the types): use another helper, or another program type.";
        if (Has(reason, "calling kernel function") && Has(reason, "is not allowed"))
            return "The kernel function is not allowed in this program type on this kernel.";
        if (Has(reason, "cannot call GPL-restricted function"))
            return "The helper wants a GPL-compatible license: char LICENSE[] SEC(\"license\") = \"Dual MIT/GPL\";";
        if (Has(reason, "pointer comparison prohibited") || Has(reason, "attempt to corrupt spilled pointer") || Has(reason, "leaks addr") || Has(reason, "pointer arithmetic on") && Has(reason, "prohibited for !root"))
            return "Without CAP_PERFMON or CAP_SYS_ADMIN the verifier forbids operations that could leak kernel addresses: grant CAP_PERFMON.";
        if (Has(reason, "loading of") && Has(reason, "CAP_") || Has(reason, "function calls to other bpf functions are allowed for"))
            return "A privilege is missing: CAP_BPF, with CAP_PERFMON for tracing and CAP_NET_ADMIN for networking.";
        if (Has(reason, "combined stack size") || Has(reason, "stack limit") || Has(reason, "invalid write to stack") || Has(reason, "invalid indirect access to stack"))
            return "A program has 512 bytes of stack over all its frames: move large variables into a per-CPU array map.";
        if (Has(reason, "!read_ok"))
            return "A register or variable is read that was never written on this path: initialise it.";
        if (Has(reason, "invalid access to map value"))
            return "The offset may lie outside the value: bound the index with a comparison against the array's size, or mask it.";
        if (Has(reason, "invalid mem access 'scalar'") || Has(reason, "invalid mem access 'inv'"))
            return "A number is used as a pointer: read kernel memory with bpf_probe_read_kernel() or BPF_CORE_READ(), user memory with bpf_probe_read_user().";
        if (Has(reason, "unbounded memory access") || Has(reason, "min value is negative") || Has(reason, "max value is outside"))
            return "The verifier cannot bound this number: compare it with the limits (also below zero), or mask it, right before its use.";
        if (Has(reason, "unreachable insn"))
            return "Instructions follow that nothing jumps to.";
        return null;
    }

    private static bool Has(string text, string part) => text.Contains(part, StringComparison.Ordinal);
}
