/* SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause */
/*
 * Tracepoints: what a SEC("tp/...") program gets (trace_event_raw_*), and what SEC("tp_btf/...") and raw tracepoint
 * programs get (btf_trace_*, whose first argument is no argument of the program).
 */
#pragma once

#include "network.h"

struct trace_entry {
	unsigned short type;
	unsigned char flags;
	unsigned char preempt_count;
	int pid;
};

struct trace_event_raw_sys_enter {
	struct trace_entry ent;
	long id;
	unsigned long args[6];
	char __data[];
};

struct trace_event_raw_sys_exit {
	struct trace_entry ent;
	long id;
	long ret;
	char __data[];
};

struct syscall_trace_enter {
	struct trace_entry ent;
	int nr;
	unsigned long args[];
};

struct syscall_trace_exit {
	struct trace_entry ent;
	int nr;
	long ret;
};

struct trace_event_raw_sched_switch {
	struct trace_entry ent;
	char prev_comm[16];
	pid_t prev_pid;
	int prev_prio;
	long prev_state;
	char next_comm[16];
	pid_t next_pid;
	int next_prio;
	char __data[];
};

struct trace_event_raw_sched_wakeup_template {
	struct trace_entry ent;
	char comm[16];
	pid_t pid;
	int prio;
	int target_cpu;
	char __data[];
};

struct trace_event_raw_sched_process_exec {
	struct trace_entry ent;
	u32 __data_loc_filename;
	pid_t pid;
	pid_t old_pid;
	char __data[];
};

struct trace_event_raw_sched_process_fork {
	struct trace_entry ent;
	u32 __data_loc_parent_comm;
	pid_t parent_pid;
	u32 __data_loc_child_comm;
	pid_t child_pid;
	char __data[];
};

struct trace_event_raw_sched_process_template {
	struct trace_entry ent;
	char comm[16];
	pid_t pid;
	int prio;
	char __data[];
};

struct trace_event_raw_kfree_skb {
	struct trace_entry ent;
	void *skbaddr;
	void *location;
	void *rx_sk;
	unsigned short protocol;
	enum skb_drop_reason reason;
	char __data[];
};

struct trace_event_raw_inet_sock_set_state {
	struct trace_entry ent;
	const void *skaddr;
	int oldstate;
	int newstate;
	__u16 sport;
	__u16 dport;
	__u16 family;
	__u16 protocol;
	__u8 saddr[4];
	__u8 daddr[4];
	__u8 saddr_v6[16];
	__u8 daddr_v6[16];
	char __data[];
};

struct trace_event_raw_net_dev_template {
	struct trace_entry ent;
	void *skbaddr;
	unsigned int len;
	u32 __data_loc_name;
	char __data[];
};

struct trace_event_raw_signal_generate {
	struct trace_entry ent;
	int sig;
	int errno;
	int code;
	char comm[16];
	pid_t pid;
	int group;
	int result;
	char __data[];
};

struct gendisk {
	int major;
	int first_minor;
	char disk_name[32];
};

struct request {
	unsigned int cmd_flags;
	unsigned int __data_len;
	sector_t __sector;
	u64 start_time_ns;
	u64 io_start_time_ns;
};

typedef void (*btf_trace_sys_enter)(void *, struct pt_regs *regs, long id);
typedef void (*btf_trace_sys_exit)(void *, struct pt_regs *regs, long ret);
typedef void (*btf_trace_sched_switch)(void *, bool preempt, struct task_struct *prev, struct task_struct *next, unsigned int prev_state);
typedef void (*btf_trace_sched_wakeup)(void *, struct task_struct *p);
typedef void (*btf_trace_sched_wakeup_new)(void *, struct task_struct *p);
typedef void (*btf_trace_sched_process_exec)(void *, struct task_struct *p, pid_t old_pid, struct linux_binprm *bprm);
typedef void (*btf_trace_sched_process_fork)(void *, struct task_struct *parent, struct task_struct *child);
typedef void (*btf_trace_sched_process_exit)(void *, struct task_struct *p, bool group_dead);
typedef void (*btf_trace_task_newtask)(void *, struct task_struct *task, unsigned long clone_flags);
typedef void (*btf_trace_task_rename)(void *, struct task_struct *task, const char *comm);
typedef void (*btf_trace_kfree_skb)(void *, struct sk_buff *skb, void *location, enum skb_drop_reason reason, struct sock *rx_sk);
typedef void (*btf_trace_consume_skb)(void *, struct sk_buff *skb, void *location);
typedef void (*btf_trace_netif_receive_skb)(void *, struct sk_buff *skb);
typedef void (*btf_trace_net_dev_queue)(void *, struct sk_buff *skb);
typedef void (*btf_trace_net_dev_xmit)(void *, struct sk_buff *skb, int rc, struct net_device *dev, unsigned int len);
typedef void (*btf_trace_inet_sock_set_state)(void *, const struct sock *sk, const int oldstate, const int newstate);
typedef void (*btf_trace_tcp_retransmit_skb)(void *, const struct sock *sk, const struct sk_buff *skb);
typedef void (*btf_trace_tcp_probe)(void *, struct sock *sk, struct sk_buff *skb);
typedef void (*btf_trace_block_rq_issue)(void *, struct request *rq);
typedef void (*btf_trace_block_rq_complete)(void *, struct request *rq, unsigned char error, unsigned int nr_bytes);
typedef void (*btf_trace_bpf_trace_printk)(void *, const char *bpf_string);
