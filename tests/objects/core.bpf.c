// SPDX-License-Identifier: (MIT OR GPL-2.0-only)
// CO-RE relocations in a program and in a subprogram; struct_ops.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

struct task_struct {
	int pid;
	int tgid;
	char comm[16];
	struct task_struct *group_leader;
} __attribute__((preserve_access_index));

struct task_struct___old {
	int not_there;
} __attribute__((preserve_access_index));

struct sock {
} __attribute__((preserve_access_index));

struct tcp_congestion_ops {
	void (*init)(struct sock *sk);
	__u32 (*ssthresh)(struct sock *sk);
	void (*cong_avoid)(struct sock *sk, __u32 ack, __u32 acked);
	__u32 (*undo_cwnd)(struct sock *sk);
	char name[16];
} __attribute__((preserve_access_index));

__u32 seen_pid;
__u32 has_old;

static __attribute__((noinline)) int leader_pid(struct task_struct *task)
{
	return BPF_CORE_READ(task, group_leader, pid);
}

SEC("raw_tp/sys_enter")
int on_enter(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	seen_pid = leader_pid(task);
	if (bpf_core_field_exists(struct task_struct___old, not_there))
		has_old = 1;
	return 0;
}

SEC("struct_ops/tiny_init")
void BPF_PROG(tiny_init, struct sock *sk)
{
}

SEC("struct_ops")
__u32 BPF_PROG(tiny_ssthresh, struct sock *sk)
{
	return 2;
}

SEC("struct_ops")
void BPF_PROG(tiny_cong_avoid, struct sock *sk, __u32 ack, __u32 acked)
{
}

SEC("struct_ops")
__u32 BPF_PROG(tiny_undo_cwnd, struct sock *sk)
{
	return 2;
}

SEC(".struct_ops")
struct tcp_congestion_ops tiny = {
	.init = (void *)tiny_init,
	.ssthresh = (void *)tiny_ssthresh,
	.cong_avoid = (void *)tiny_cong_avoid,
	.undo_cwnd = (void *)tiny_undo_cwnd,
	.name = "lbs_tiny",
};

SEC(".struct_ops.link")
struct tcp_congestion_ops tiny_link = {
	.ssthresh = (void *)tiny_ssthresh,
	.cong_avoid = (void *)tiny_cong_avoid,
	.undo_cwnd = (void *)tiny_undo_cwnd,
	.name = "lbs_tiny_link",
};

char LICENSE[] SEC("license") = "GPL";
