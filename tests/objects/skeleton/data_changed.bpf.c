// SPDX-License-Identifier: (MIT OR GPL-2.0-only)
// data_sections.bpf.c "built anew": a member more, a wider variable, a variable and a program that are gone.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct counter { __u64 hits; __u32 extra; __u32 size; __u64 more; };

const volatile __u32 limit = 3;
__u64 step = 1;
__u64 zeroed;
__u32 table_size SEC(".data.table") = 2;
__u64 table[2] SEC(".data.table") = { 1, 2 };
struct counter counter;

SEC("xdp")
int count(struct xdp_md *ctx)
{
	counter.hits += step;
	return limit + zeroed + table_size + table[1];
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
