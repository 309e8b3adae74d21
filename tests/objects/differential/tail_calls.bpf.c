/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__array(values, int (void *));
} programs SEC(".maps");

SEC("tc")
int recurse(struct __sk_buff *skb)
{
	add(0, 1);
	bpf_tail_call(skb, &programs, 0);
	add(1, 1);
	return 17;
}

SEC("tc")
int start(struct __sk_buff *skb)
{
	skb->cb[0] = 1;
	bpf_tail_call(skb, &programs, 3);
	bpf_tail_call(skb, &programs, 99);
	bpf_tail_call(skb, &programs, 0);
	return 5;
}

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, 4);
	__array(values, int (void *));
} filled SEC(".maps") = { .values = { [0] = (void *)&recurse } };

SEC("tc")
int enter(struct __sk_buff *skb)
{
	bpf_tail_call(skb, &filled, 0);
	return 6;
}
