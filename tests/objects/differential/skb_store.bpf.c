/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

SEC("tc")
int skb_store(struct __sk_buff *skb)
{
	__u8 bytes[4] = { 0xaa, 0xbb, 0xcc, 0xdd };

	record(0, bpf_skb_store_bytes(skb, 2, bytes, 4, 0));
	record(1, bpf_skb_store_bytes(skb, 6, bytes, 3, BPF_F_RECOMPUTE_CSUM | BPF_F_INVALIDATE_HASH));
	record(2, bpf_skb_store_bytes(skb, 6, bytes, 3, 8));
	record(3, bpf_skb_store_bytes(skb, 100000, bytes, 3, 0));
	record(4, bpf_skb_store_bytes(skb, skb->len - 2, bytes, 4, 0));
	record(5, bpf_skb_store_bytes(skb, skb->len - 4, bytes, 4, 0));
	return 0;
}
