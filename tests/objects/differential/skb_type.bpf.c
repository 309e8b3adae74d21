/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

SEC("tc")
int skb_type(struct __sk_buff *skb)
{
	record(0, skb->pkt_type);
	record(1, bpf_skb_change_type(skb, 3));
	record(2, skb->pkt_type);
	record(3, bpf_skb_change_type(skb, 4));
	record(4, bpf_skb_change_type(skb, 0));
	record(5, skb->pkt_type);
	return 0;
}
