// SPDX-License-Identifier: MIT OR GPL-2.0
// Counts system calls in a global variable: an object for builds without clang.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define STEP 3

unsigned long long count;

SEC("raw_tp/sys_enter")
int on_enter(void *ctx)
{
	__sync_fetch_and_add(&count, STEP);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
