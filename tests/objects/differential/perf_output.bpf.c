/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(max_entries, 2);
	__uint(key_size, 4);
	__uint(value_size, 4);
} events SEC(".maps");

SEC("tc")
int from_tc(struct __sk_buff *skb)
{
	__u64 word = 1;

	record(0, bpf_perf_event_output(skb, &events, 0, &word, sizeof(word)));
	record(1, bpf_perf_event_output(skb, &events, 9, &word, sizeof(word)));
	record(2, bpf_perf_event_output(skb, &events, BPF_F_CURRENT_CPU, &word, sizeof(word)));
	record(3, bpf_perf_event_output(skb, &events, 1ULL << 60, &word, sizeof(word)));
	record(4, bpf_perf_event_output(skb, &events, 5000ULL << 32, &word, sizeof(word)));
	return 0;
}

SEC("xdp")
int from_xdp(struct xdp_md *ctx)
{
	__u64 word = 1;

	record(10, bpf_perf_event_output(ctx, &events, 0, &word, sizeof(word)));
	record(11, bpf_perf_event_output(ctx, &events, 5000ULL << 32, &word, sizeof(word)));
	record(12, bpf_perf_event_output(ctx, &events, 1ULL << 60, &word, sizeof(word)));
	return XDP_PASS;
}

SEC("raw_tp/sys_enter")
int from_tracepoint(void *ctx)
{
	__u64 word = 1;

	record(20, bpf_perf_event_output(ctx, &events, 0, &word, sizeof(word)));
	record(21, bpf_perf_event_output(ctx, &events, 14ULL << 32, &word, sizeof(word)));
	return 0;
}
