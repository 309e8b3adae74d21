/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

struct {
	__uint(type, BPF_MAP_TYPE_CGROUP_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u32);
} groups SEC(".maps");

SEC("tc")
int current(struct __sk_buff *skb)
{
	record(0, bpf_get_current_ancestor_cgroup_id(0));
	record(1, bpf_get_current_ancestor_cgroup_id(200));
	record(2, bpf_get_current_ancestor_cgroup_id(-1));
	record(3, bpf_get_current_cgroup_id() == bpf_skb_cgroup_id(skb));
	record(4, bpf_skb_ancestor_cgroup_id(skb, 0));
	record(5, bpf_skb_ancestor_cgroup_id(skb, 200));
	record(6, bpf_current_task_under_cgroup(&groups, 0));
	record(7, bpf_current_task_under_cgroup(&groups, 5));
	record(8, bpf_skb_under_cgroup(skb, &groups, 0));
	record(9, bpf_skb_under_cgroup(skb, &groups, 5));
	record(10, bpf_get_cgroup_classid(skb));
	record(11, bpf_skb_cgroup_classid(skb));
	record(12, bpf_get_route_realm(skb));
	return 0;
}

SEC("cgroup_skb/egress")
int socket(struct __sk_buff *skb)
{
	struct bpf_sock *sk = skb->sk;

	if (!sk)
		return 1;
	sk = bpf_sk_fullsock(sk);
	if (!sk)
		return 1;
	record(20, bpf_sk_cgroup_id(sk) == bpf_get_current_cgroup_id());
	record(21, bpf_sk_ancestor_cgroup_id(sk, 0));
	record(22, bpf_sk_ancestor_cgroup_id(sk, 200));
	return 1;
}
