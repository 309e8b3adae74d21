/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* What all differential objects share: an array that they record answers in, which the test compares between kernels. */
#ifndef DIFFERENTIAL_H
#define DIFFERENTIAL_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __s64);
} results SEC(".maps");

/* One answer. */
static __always_inline void record(__u32 index, __s64 value)
{
	bpf_map_update_elem(&results, &index, &value, BPF_ANY);
}

/* Adds to an answer: for programs that run more than once. */
static __always_inline void add(__u32 index, __s64 value)
{
	__s64 *sum = bpf_map_lookup_elem(&results, &index);

	if (sum)
		*sum += value;
}

char _license[] SEC("license") = "Dual MIT/GPL";

#endif
