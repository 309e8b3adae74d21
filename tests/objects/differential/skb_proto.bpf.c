/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

SEC("tc")
int skb_proto(struct __sk_buff *skb)
{
	__u32 before = skb->protocol;

	record(0, bpf_skb_change_proto(skb, bpf_htons(0x86dd), 1));
	record(1, bpf_skb_change_proto(skb, bpf_htons(0x1234), 0));
	if (before == bpf_htons(0x0800))
		record(2, bpf_skb_change_proto(skb, bpf_htons(0x86dd), 0));
	else
		record(3, bpf_skb_change_proto(skb, bpf_htons(0x0800), 0));
	record(4, skb->protocol);
	record(5, skb->len);
	return 0;
}
