/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

SEC("tc")
int skb_vlan(struct __sk_buff *skb)
{
	record(0, bpf_skb_vlan_push(skb, bpf_htons(0x8100), 5));
	record(1, skb->vlan_present * 100000 + skb->vlan_tci);
	record(2, skb->vlan_proto);
	record(3, skb->len);
	record(4, bpf_skb_vlan_push(skb, bpf_htons(0x88a8), 6));
	record(5, skb->vlan_tci);
	record(6, skb->len);
	record(7, skb->protocol);
	record(8, bpf_skb_vlan_pop(skb));
	record(9, skb->vlan_tci);
	record(10, skb->len);
	record(11, skb->protocol);
	record(12, bpf_skb_vlan_push(skb, 0, 7));
	record(13, skb->vlan_proto);
	return 0;
}

/* A type that is a length, with a checksum field behind it that is none, and with another. */
SEC("tc")
int lengths(struct __sk_buff *skb)
{
	__u8 old[4] = { 0, 50, 0xff, 0xff };
	__u8 llc[4] = { 0, 50, 0x42, 0x42 };

	record(20, bpf_skb_store_bytes(skb, 12, old, sizeof(old), 0));
	record(21, bpf_skb_vlan_push(skb, bpf_htons(0x8100), 5));
	record(22, bpf_skb_vlan_push(skb, bpf_htons(0x8100), 6));
	record(23, bpf_skb_vlan_pop(skb));
	record(24, skb->protocol);
	record(25, bpf_skb_vlan_pop(skb));
	record(26, bpf_skb_store_bytes(skb, 12, llc, sizeof(llc), 0));
	record(27, bpf_skb_vlan_push(skb, bpf_htons(0x8100), 5));
	record(28, bpf_skb_vlan_push(skb, bpf_htons(0x8100), 6));
	record(29, bpf_skb_vlan_pop(skb));
	record(30, skb->protocol);
	return 0;
}
