// SPDX-License-Identifier: MIT OR GPL-2.0
// Counts the system calls of the programs named in syscall_count_map: the sample LogSyscalls.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define STRING_LEN 128

// One name of the key, as the kernel keeps it for a task (TASK_COMM_LEN).
#define COMM_LEN 16

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, char[STRING_LEN]);
	__type(value, int);
	__uint(max_entries, 32);
} syscall_count_map SEC(".maps");

// A raw tracepoint needs neither tracefs nor a perf event, and works in a container with neither mounted.
SEC("raw_tp/sys_enter")
int count_syscall(void *ctx)
{
	char name[STRING_LEN] = {};
	int *count;

	bpf_get_current_comm(name, COMM_LEN);
	count = bpf_map_lookup_elem(&syscall_count_map, name);
	if (count)
		__sync_fetch_and_add(count, 1);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
