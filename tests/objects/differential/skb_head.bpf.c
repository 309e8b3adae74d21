/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

SEC("tc")
int skb_head(struct __sk_buff *skb)
{
	record(0, bpf_skb_change_head(skb, 14, 0));
	record(1, skb->len);
	record(2, bpf_skb_change_head(skb, 14, 1));
	record(3, bpf_skb_change_head(skb, 100000, 0));
	record(4, bpf_skb_change_head(skb, 200, 0));
	record(5, skb->len);
	return 0;
}
