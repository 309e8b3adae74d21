/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

SEC("tc")
int from_tc(struct __sk_buff *skb)
{
	struct bpf_fib_lookup lookup = { .family = 2, .ifindex = 123456 };
	__u32 length = 0;

	record(0, bpf_fib_lookup(skb, &lookup, sizeof(lookup), 0));
	lookup.family = 77;
	lookup.ifindex = 1;
	record(1, bpf_fib_lookup(skb, &lookup, sizeof(lookup), 0));
	record(2, bpf_fib_lookup(skb, &lookup, 8, 0));
	record(3, bpf_fib_lookup(skb, &lookup, sizeof(lookup), 1 << 20));
	record(4, bpf_check_mtu(skb, 123456, &length, 0, 0));
	record(5, bpf_check_mtu(skb, 1, &length, 0, 2));
	record(6, bpf_check_mtu(skb, 1, &length, 0, 0));
	record(7, length);
	length = 100000;
	record(8, bpf_check_mtu(skb, 1, &length, 0, 0));
	length = 0;
	record(9, bpf_check_mtu(skb, 0, &length, 70000, 0));
	length = 0;
	record(10, bpf_check_mtu(skb, 1, &length, 5, BPF_MTU_CHK_SEGS));
	return 0;
}

SEC("xdp")
int from_xdp(struct xdp_md *ctx)
{
	__u32 length = 0;

	record(20, bpf_check_mtu(ctx, 1, &length, 0, 0));
	record(21, length);
	record(22, bpf_check_mtu(ctx, 1, &length, 0, BPF_MTU_CHK_SEGS));
	record(23, bpf_check_mtu(ctx, 123456, &length, 0, 0));
	return XDP_PASS;
}
