/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

SEC("lwt_xmit")
int xmit(struct __sk_buff *skb)
{
	__u8 bytes[4] = { 1, 2, 3, 4 };

	record(0, bpf_skb_load_bytes(skb, 0, bytes, 4));
	record(1, bytes[0]);
	record(2, bpf_skb_change_head(skb, 4, 0));
	record(3, skb->len);
	record(4, bpf_skb_store_bytes(skb, 0, bytes, 4, 0));
	skb->priority = 3;
	return BPF_OK;
}

SEC("lwt_in")
int in(struct __sk_buff *skb)
{
	record(10, bpf_skb_pull_data(skb, 0));
	record(11, skb->len);
	return BPF_DROP;
}
