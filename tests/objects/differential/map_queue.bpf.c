/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, 3);
	__type(value, __u32);
} queue SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_STACK);
	__uint(max_entries, 3);
	__type(value, __u32);
} stack SEC(".maps");

SEC("syscall")
int push_pop_peek(void *ctx)
{
	__u32 value = 0;

	record(0, bpf_map_peek_elem(&queue, &value));
	record(1, bpf_map_pop_elem(&stack, &value));
	for (int i = 1; i <= 4; i++) {
		__u32 next = i;

		record(20 + i, bpf_map_push_elem(&queue, &next, 0));
		record(30 + i, bpf_map_push_elem(&stack, &next, 0));
	}
	record(4, bpf_map_push_elem(&queue, &value, BPF_NOEXIST));
	value = 9;
	record(5, bpf_map_push_elem(&queue, &value, BPF_EXIST));
	record(6, bpf_map_push_elem(&stack, &value, BPF_EXIST));
	record(7, bpf_map_peek_elem(&queue, &value) * 100 + value);
	record(8, bpf_map_pop_elem(&queue, &value) * 100 + value);
	record(9, bpf_map_pop_elem(&stack, &value) * 100 + value);
	record(10, bpf_map_peek_elem(&stack, &value) * 100 + value);
	record(11, bpf_map_pop_elem(&queue, &value) * 100 + value);
	record(12, bpf_map_pop_elem(&queue, &value) * 100 + value);
	record(13, bpf_map_pop_elem(&queue, &value));
	record(14, value);
	return 0;
}
