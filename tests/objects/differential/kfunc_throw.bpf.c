/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

extern void bpf_throw(__u64 cookie) __ksym;
extern int not_there(int x) __ksym __weak;
extern void bpf_rcu_read_lock(void) __ksym __weak;

static __noinline int deep(int length)
{
	record(1, length);
	if (length > 40)
		bpf_throw(0x12345678);
	record(2, length);
	return length;
}

SEC("tc")
int throws(struct __sk_buff *skb)
{
	record(0, 1);
	record(3, deep(skb->len));
	return 7;
}

SEC("tc")
int weak_functions(struct __sk_buff *skb)
{
	record(4, bpf_rcu_read_lock ? 1 : 2);
	if (not_there)
		record(5, not_there(3));
	record(6, not_there ? 1 : 2);
	return 0;
}
