/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(max_entries, 8);
	__uint(key_size, 4);
	__uint(value_size, 64);
} traces SEC(".maps");

SEC("raw_tp/sys_enter")
int errors(void *ctx)
{
	__u64 frames[4];

	record(0, bpf_get_stackid(ctx, &traces, 1 << 20));
	record(1, bpf_get_stack(ctx, frames, sizeof(frames), 1 << 20));
	record(2, bpf_get_stack(ctx, frames, 12, 0));
	record(3, bpf_get_task_stack((void *)bpf_get_current_task_btf(), frames, sizeof(frames), 1 << 20));
	return 0;
}
