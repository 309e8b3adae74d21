/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

struct cgroup {
	int level;
} __attribute__((preserve_access_index));

struct {
	__uint(type, 32 /* BPF_MAP_TYPE_CGRP_STORAGE */);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u64);
} values SEC(".maps");

extern struct cgroup *bpf_cgroup_from_id(__u64 id) __ksym;
extern void bpf_cgroup_release(struct cgroup *group) __ksym;

SEC("syscall")
int group(void *ctx)
{
	struct cgroup *group = bpf_cgroup_from_id(0x7fffffff);
	__u64 start = 4;

	record(0, group != 0);
	if (!group)
		return 0;
	bpf_cgrp_storage_get(&values, group, &start, BPF_LOCAL_STORAGE_GET_F_CREATE);
	record(1, bpf_cgrp_storage_delete(&values, group));
	bpf_cgroup_release(group);
	return 0;
}
