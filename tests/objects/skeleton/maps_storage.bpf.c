// SPDX-License-Identifier: (MIT OR GPL-2.0-only)
// Values that belong to tasks, sockets, inodes and cgroups.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct mark { __u32 id; char note[12]; };

#define STORAGE(kind, name, v) struct { __uint(type, kind); __uint(map_flags, BPF_F_NO_PREALLOC); __type(key, int); __type(value, v); } name SEC(".maps")
STORAGE(BPF_MAP_TYPE_TASK_STORAGE, of_task, struct mark);
STORAGE(BPF_MAP_TYPE_SK_STORAGE, of_socket, struct mark);
STORAGE(BPF_MAP_TYPE_INODE_STORAGE, of_inode, __u64);
STORAGE(32 /* BPF_MAP_TYPE_CGRP_STORAGE */, of_cgroup, struct mark);

SEC("socket")
int nothing(struct __sk_buff *skb)
{
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
