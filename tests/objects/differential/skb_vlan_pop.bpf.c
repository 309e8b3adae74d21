/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

SEC("tc")
int skb_vlan_pop(struct __sk_buff *skb)
{
	record(0, bpf_skb_vlan_pop(skb));
	record(1, skb->vlan_present * 100000 + skb->vlan_tci);
	record(2, skb->len);
	record(3, skb->protocol);
	record(4, bpf_skb_vlan_pop(skb));
	record(5, skb->vlan_present);
	record(6, skb->len);
	return 0;
}
