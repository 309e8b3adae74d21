// SPDX-License-Identifier: (MIT OR GPL-2.0-only)
// Three programs that load; the second cannot be attached.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("raw_tp/sys_enter")
int first(void *ctx)
{
	return 0;
}

SEC("raw_tp/no_such_tracepoint")
int second(void *ctx)
{
	return 0;
}

SEC("raw_tp/sys_exit")
int third(void *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
