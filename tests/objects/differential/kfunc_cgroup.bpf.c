/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"
#include <bpf/bpf_core_read.h>

struct task_struct {
	int pid;
} __attribute__((preserve_access_index));
struct cgroup {
	int level;
} __attribute__((preserve_access_index));

extern struct cgroup *bpf_cgroup_from_id(__u64 id) __ksym;
extern struct cgroup *bpf_cgroup_acquire(struct cgroup *cgroup) __ksym;
extern struct cgroup *bpf_cgroup_ancestor(struct cgroup *cgroup, int level) __ksym;
extern void bpf_cgroup_release(struct cgroup *cgroup) __ksym;
extern long bpf_task_under_cgroup(struct task_struct *task, struct cgroup *ancestor) __ksym;
extern struct task_struct *bpf_task_from_vpid(__s32 pid) __ksym __weak;
extern void bpf_task_release(struct task_struct *p) __ksym;
extern void *bpf_rdonly_cast(const void *obj, __u32 id) __ksym;

SEC("syscall")
int cgroups(void *ctx)
{
	struct cgroup *cgroup, *other;

	cgroup = bpf_cgroup_from_id(0x7fffffffffff);
	record(0, cgroup != 0);
	if (!cgroup)
		return 0;
	other = bpf_cgroup_acquire(cgroup);
	if (other)
		bpf_cgroup_release(other);
	other = bpf_cgroup_ancestor(cgroup, 0);
	if (other)
		bpf_cgroup_release(other);
	record(1, bpf_task_under_cgroup((void *)bpf_get_current_task_btf(), cgroup));
	bpf_cgroup_release(cgroup);
	return 0;
}

SEC("syscall")
int tasks(void *ctx)
{
	struct task_struct *task = bpf_task_from_vpid(0x7ffffff0);

	record(10, task != 0);
	if (task)
		bpf_task_release(task);
	return 0;
}

SEC("syscall")
int cast(void *ctx)
{
	struct task_struct *task = bpf_rdonly_cast((void *)bpf_get_current_task_btf(), bpf_core_type_id_kernel(struct task_struct));

	record(20, task->pid == (__u32)bpf_get_current_pid_tgid());
	return 0;
}
