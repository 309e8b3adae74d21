/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* Performance counters that nobody opened, branch records that a virtual machine has not, memory mappings, registers. */
#include "differential.h"

struct task_struct;
struct vm_area_struct;

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u32);
} counters SEC(".maps");

static long visit(struct task_struct *task, struct vm_area_struct *mapping, void *context)
{
	return 0;
}

SEC("raw_tp")
int read_counters(void *ctx)
{
	struct bpf_perf_event_value value = { 1, 2, 3 };

	record(0, bpf_perf_event_read(&counters, 0));
	record(1, bpf_perf_event_read(&counters, 5));
	record(2, bpf_perf_event_read(&counters, 1ULL << 40));
	record(3, bpf_perf_event_read_value(&counters, 1, &value, sizeof(value)));
	record(4, value.counter + value.enabled + value.running);
	value.counter = 1;
	record(5, bpf_perf_event_read_value(&counters, 1, &value, 16));
	record(6, value.counter);
	return 0;
}

SEC("raw_tp")
int branches(void *ctx)
{
	__u64 buffer[6];

	record(10, bpf_get_branch_snapshot(buffer, sizeof(buffer), 0));
	record(11, bpf_get_branch_snapshot(buffer, sizeof(buffer), 1));
	return 0;
}

SEC("raw_tp")
int mappings(void *ctx)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u64 nothing = 0;

	record(20, bpf_find_vma(task, 0, visit, &nothing, 0));
	record(21, bpf_find_vma(task, 0, visit, &nothing, 1));
	record(22, bpf_task_pt_regs(task) != 0);
	return 0;
}

SEC("perf_event")
int own_counter(void *ctx)
{
	struct bpf_perf_event_value value;
	__u64 buffer[6];

	record(30, bpf_perf_prog_read_value(ctx, &value, sizeof(value)));
	record(31, bpf_read_branch_records(ctx, buffer, sizeof(buffer), 0));
	return 0;
}
