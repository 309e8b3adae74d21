/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

SEC("tc")
int skb_tail(struct __sk_buff *skb)
{
	record(0, bpf_skb_change_tail(skb, skb->len + 30, 0));
	record(1, skb->len);
	record(2, bpf_skb_change_tail(skb, 20, 0));
	record(3, skb->len);
	record(4, bpf_skb_change_tail(skb, 40, 1));
	record(5, bpf_skb_change_tail(skb, 100000, 0));
	record(6, bpf_skb_change_tail(skb, 5, 0));
	record(7, bpf_skb_change_tail(skb, 34, 0));
	return 0;
}
