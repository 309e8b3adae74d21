/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

SEC("tc")
int skb_tstamp(struct __sk_buff *skb)
{
	record(0, skb->tstamp);
	record(1, bpf_skb_set_tstamp(skb, 5000, 1));
	record(2, skb->tstamp);
	record(3, skb->tstamp_type);
	record(4, bpf_skb_set_tstamp(skb, 0, 1));
	record(5, bpf_skb_set_tstamp(skb, 0, 0));
	record(6, bpf_skb_set_tstamp(skb, 5, 9));
	record(7, skb->tstamp_type);
	return 0;
}
