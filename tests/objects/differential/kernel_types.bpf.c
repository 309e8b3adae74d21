/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* Kernel structures that programs read directly: a map through its pointer, the sk_buff behind a context, the task. */
#include "differential.h"
#include <bpf/bpf_core_read.h>

struct bpf_map {
	unsigned int key_size;
	unsigned int value_size;
	unsigned int max_entries;
	unsigned int map_flags;
} __attribute__((preserve_access_index));

struct net_device {
	int ifindex;
	unsigned int mtu;
} __attribute__((preserve_access_index));

struct sk_buff {
	unsigned int len;
	unsigned int data_len;
	unsigned int mark;
	__u16 protocol;
	unsigned char *head;
	unsigned char *data;
	struct net_device *dev;
} __attribute__((preserve_access_index));

struct task_struct {
	int pid;
	int tgid;
	char comm[16];
	struct task_struct *group_leader;
} __attribute__((preserve_access_index));

extern void *bpf_cast_to_kern_ctx(void *context) __ksym;

SEC("tc")
int socket_buffer(struct __sk_buff *skb)
{
	struct bpf_map *map = (struct bpf_map *)&results;
	struct sk_buff *kernel;

	skb->mark = 0x77;
	kernel = bpf_cast_to_kern_ctx(skb);
	add(0, kernel->len);
	add(1, kernel->data_len);
	add(2, kernel->mark);
	add(3, kernel->protocol);
	add(4, kernel->data - kernel->head);
	add(5, kernel->dev->ifindex);
	add(6, kernel->dev->mtu);
	record(7, map->key_size);
	record(8, map->value_size);
	record(9, map->max_entries);
	record(10, map->map_flags);
	return 0;
}

SEC("raw_tp/sys_enter")
int task(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task_btf();
	__u64 ids = bpf_get_current_pid_tgid();

	record(20, task->tgid == ids >> 32);
	record(21, task->pid == (__u32)ids);
	record(22, BPF_CORE_READ(task, group_leader, tgid) == task->tgid);
	record(23, bpf_core_field_size(task->comm));
	return 0;
}
