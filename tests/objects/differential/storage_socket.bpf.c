/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u64);
} values SEC(".maps");

SEC("tc")
int socket(struct __sk_buff *skb)
{
	struct bpf_sock *sk = skb->sk;
	__u64 start = 4, *value;

	if (!sk)
		return 1;
	sk = bpf_sk_fullsock(sk);
	if (!sk)
		return 2;
	record(0, bpf_sk_storage_get(&values, sk, 0, 0) != 0);
	value = bpf_sk_storage_get(&values, sk, &start, BPF_SK_STORAGE_GET_F_CREATE);
	record(1, value ? (__s64)*value : -1);
	record(2, bpf_sk_storage_delete(&values, sk));
	record(3, bpf_sk_storage_delete(&values, sk));
	return 0;
}
