/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u64);
} values SEC(".maps");

SEC("syscall")
int task(void *ctx)
{
	struct task_struct *current = (void *)bpf_get_current_task_btf();
	__u64 start = 9, *value;

	record(0, bpf_task_storage_get(&values, current, 0, 0) != 0);
	value = bpf_task_storage_get(&values, current, &start, BPF_LOCAL_STORAGE_GET_F_CREATE);
	record(1, value ? (__s64)*value : -1);
	if (value)
		*value += 1;
	value = bpf_task_storage_get(&values, current, &start, BPF_LOCAL_STORAGE_GET_F_CREATE);
	record(2, value ? (__s64)*value : -1);
	record(3, bpf_task_storage_get(&values, current, 0, 7) != 0);
	record(4, bpf_task_storage_delete(&values, current));
	record(5, bpf_task_storage_delete(&values, current));
	return 0;
}
