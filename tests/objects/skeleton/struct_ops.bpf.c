// SPDX-License-Identifier: (MIT OR GPL-2.0-only)
// A table of callbacks: shadows whose members and callbacks can be set before load.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <stdbool.h>

struct sock;

/* The members that are used, in any order: they go by name. */
struct tcp_congestion_ops {
	__u32 key;
	__u32 flags;
	void (*init)(struct sock *sk);
	__u32 (*ssthresh)(struct sock *sk);
	void (*cong_avoid)(struct sock *sk, __u32 ack, __u32 acked);
	__u32 (*undo_cwnd)(struct sock *sk);
	char name[16];
};

struct limits { __u32 low, high; struct { __u16 a; __u8 b : 3; } deep; };
struct made_up_ops {
	int (*start)(int);
	int (*stop)(void);
	bool enabled;
	__u8 mode : 4, level : 4;
	struct limits limits;
	union { __u32 one; __u16 other; };
	__u64 values[2];
	void *data;
	__u8 odd;
	__u32 unaligned;
} __attribute__((packed));

__u32 thresholds;

SEC("struct_ops/ssthresh_two")
__u32 BPF_PROG(ssthresh_two, struct sock *sk)
{
	return 2;
}

SEC("struct_ops/ssthresh_four")
__u32 BPF_PROG(ssthresh_four, struct sock *sk)
{
	thresholds++;
	return 4;
}

SEC("struct_ops/avoid")
void BPF_PROG(avoid, struct sock *sk, __u32 ack, __u32 acked)
{
}

SEC("struct_ops/undo")
__u32 BPF_PROG(undo, struct sock *sk)
{
	return 2;
}

SEC("struct_ops/init")
void BPF_PROG(init, struct sock *sk)
{
}

SEC(".struct_ops")
struct tcp_congestion_ops table = {
	.init = (void *)init,
	.ssthresh = (void *)ssthresh_two,
	.cong_avoid = (void *)avoid,
	.undo_cwnd = (void *)undo,
	.name = "lbs_table",
};

SEC(".struct_ops.link")
struct tcp_congestion_ops linked = {
	.ssthresh = (void *)ssthresh_two,
	.cong_avoid = (void *)avoid,
	.undo_cwnd = (void *)undo,
	.name = "lbs_linked",
};

SEC("?.struct_ops")
struct made_up_ops made_up = {
	.enabled = 1,
	.mode = 3,
	.limits = { 1, 2, { 3, 4 } },
};

char LICENSE[] SEC("license") = "Dual MIT/GPL";
