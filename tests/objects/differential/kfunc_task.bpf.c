/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

struct task_struct {
	int pid;
} __attribute__((preserve_access_index));

extern struct task_struct *bpf_task_acquire(struct task_struct *p) __ksym;
extern void bpf_task_release(struct task_struct *p) __ksym;
extern struct task_struct *bpf_task_from_pid(__s32 pid) __ksym;

SEC("syscall")
int tasks(void *ctx)
{
	struct task_struct *task = bpf_task_from_pid(0x7ffffff0);

	record(0, task != 0);
	if (task)
		bpf_task_release(task);
	task = bpf_task_acquire((void *)bpf_get_current_task_btf());
	record(1, task != 0);
	if (task)
		bpf_task_release(task);
	return 0;
}
