/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

#define ROOM(skb, change, mode, flags) bpf_skb_adjust_room(skb, change, mode, flags)

/* An outer header marks the buffer for good. */
SEC("tc")
int encapsulates(struct __sk_buff *skb)
{
	record(0, bpf_skb_change_tail(skb, 60, 0));
	record(1, ROOM(skb, 20, BPF_ADJ_ROOM_MAC, BPF_F_ADJ_ROOM_ENCAP_L3_IPV4 | BPF_F_ADJ_ROOM_ENCAP_L2(10) | BPF_F_ADJ_ROOM_ENCAP_L2_ETH));
	record(2, ROOM(skb, 20, BPF_ADJ_ROOM_MAC, BPF_F_ADJ_ROOM_ENCAP_L3_IPV4 | BPF_F_ADJ_ROOM_ENCAP_L2(30)));
	record(3, ROOM(skb, 28, BPF_ADJ_ROOM_MAC, BPF_F_ADJ_ROOM_ENCAP_L3_IPV4 | BPF_F_ADJ_ROOM_ENCAP_L4_UDP));
	record(4, skb->len);
	record(5, skb->protocol);
	record(6, ROOM(skb, 20, BPF_ADJ_ROOM_MAC, BPF_F_ADJ_ROOM_ENCAP_L3_IPV4));
	record(7, ROOM(skb, 4, BPF_ADJ_ROOM_MAC, 0));
	record(8, ROOM(skb, -4, BPF_ADJ_ROOM_MAC, 0));
	record(9, skb->len);
	record(10, bpf_skb_change_tail(skb, 50, 0));
	record(11, skb->len);
	return 0;
}
