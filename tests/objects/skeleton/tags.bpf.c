// SPDX-License-Identifier: (MIT OR GPL-2.0-only)
// Declaration tags: they are shown where people read.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define __tag(text) __attribute__((btf_decl_tag(text)))

struct tagged {
	__u32 plain;
	__u32 marked __tag("in milliseconds");
	__u32 twice __tag("first") __tag("second & <third>");
} __tag("of the struct");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tagged);
} map SEC(".maps") __tag("of the map");

struct tagged variable __tag("of the variable");

SEC("tc") __tag("of the program")
int program(struct __sk_buff *skb)
{
	return variable.marked + variable.twice;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
