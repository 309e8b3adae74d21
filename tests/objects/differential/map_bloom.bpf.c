/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

struct {
	__uint(type, BPF_MAP_TYPE_BLOOM_FILTER);
	__uint(max_entries, 100);
	__type(value, __u32);
} bloom SEC(".maps");

SEC("xdp")
int push_peek(struct xdp_md *ctx)
{
	__u32 value = 5;

	record(0, bpf_map_peek_elem(&bloom, &value));
	record(1, bpf_map_push_elem(&bloom, &value, 0));
	record(2, bpf_map_peek_elem(&bloom, &value));
	record(3, bpf_map_push_elem(&bloom, &value, BPF_EXIST));
	return 0;
}
