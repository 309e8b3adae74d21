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
