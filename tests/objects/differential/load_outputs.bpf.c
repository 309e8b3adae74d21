/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(max_entries, 2);
	__uint(key_size, 4);
	__uint(value_size, 4);
} events SEC(".maps");

SEC("tp_btf/kfree_skb")
int dropped(__u64 *ctx)
{
	__u64 word = 1;

	record(0, bpf_skb_output((void *)ctx[0], &events, 0, &word, sizeof(word)));
	return 0;
}
