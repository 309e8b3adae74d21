/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

SEC("tc")
int skb_csum(struct __sk_buff *skb)
{
	record(0, bpf_l3_csum_replace(skb, 24, 0x1234, 0x4321, 2));
	record(1, bpf_l3_csum_replace(skb, 24, 0x11223344, 0x44332211, 4));
	record(2, bpf_l3_csum_replace(skb, 24, 0, 0x5555, 0));
	record(3, bpf_l3_csum_replace(skb, 24, 1, 2, 0));
	record(4, bpf_l3_csum_replace(skb, 25, 1, 2, 2));
	record(5, bpf_l3_csum_replace(skb, 24, 1, 2, 3));
	record(6, bpf_l3_csum_replace(skb, 24, 1, 2, 0x20));
	record(7, bpf_l3_csum_replace(skb, 60000, 1, 2, 2));
	record(8, bpf_l4_csum_replace(skb, 30, 0x1234, 0x4321, 2));
	record(9, bpf_l4_csum_replace(skb, 30, 0x11223344, 0x44332211, 4 | BPF_F_PSEUDO_HDR));
	record(10, bpf_l4_csum_replace(skb, 30, 0, 0x5555, BPF_F_MARK_MANGLED_0));
	record(11, bpf_l4_csum_replace(skb, 30, 1, 2, 1));
	record(12, bpf_l4_csum_replace(skb, 30, 1, 2, 0x100));
	record(13, bpf_csum_update(skb, 5));
	record(14, bpf_csum_level(skb, BPF_CSUM_LEVEL_QUERY));
	record(15, bpf_csum_level(skb, BPF_CSUM_LEVEL_INC));
	record(16, bpf_csum_level(skb, BPF_CSUM_LEVEL_DEC));
	record(17, bpf_csum_level(skb, BPF_CSUM_LEVEL_RESET));
	record(18, bpf_csum_level(skb, 9));
	return 0;
}
