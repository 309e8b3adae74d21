/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* The kernel function returns a struct task_struct; one that is only declared is none. No loader takes it. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct task_struct;
extern struct task_struct *bpf_task_from_pid(__s32 pid) __ksym;
extern void bpf_task_release(struct task_struct *task) __ksym;

SEC("tc")
int uses(struct __sk_buff *skb)
{
	struct task_struct *task = bpf_task_from_pid(1);

	if (task)
		bpf_task_release(task);
	return 0;
}

char _license[] SEC("license") = "Dual MIT/GPL";
