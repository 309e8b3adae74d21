/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

SEC("tc")
int skb_ecn(struct __sk_buff *skb)
{
	record(0, bpf_skb_ecn_set_ce(skb));
	__u8 tos = 0;
	bpf_skb_load_bytes(skb, 15, &tos, 1);
	record(1, tos);
	tos = 1;
	bpf_skb_store_bytes(skb, 15, &tos, 1, 0);
	record(2, bpf_skb_ecn_set_ce(skb));
	bpf_skb_load_bytes(skb, 15, &tos, 1);
	record(3, tos);
	record(4, bpf_skb_ecn_set_ce(skb));
	return 0;
}
