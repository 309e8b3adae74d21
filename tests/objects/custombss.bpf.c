// SPDX-License-Identifier: (MIT OR GPL-2.0-only)
// A .bss section of its own name, which libbpf knows since 1.7.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u64 custom_zero SEC(".bss.custom");

SEC("socket")
int count(struct __sk_buff *skb)
{
	custom_zero++;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
