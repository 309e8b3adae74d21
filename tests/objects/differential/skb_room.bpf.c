/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

SEC("tc")
int skb_room(struct __sk_buff *skb)
{
	record(0, bpf_skb_adjust_room(skb, 8, BPF_ADJ_ROOM_NET, 0));
	record(1, skb->len);
	record(2, bpf_skb_adjust_room(skb, -4, BPF_ADJ_ROOM_NET, 0));
	record(3, skb->len);
	record(4, bpf_skb_adjust_room(skb, 20, BPF_ADJ_ROOM_MAC, 0));
	record(5, skb->len);
	record(6, bpf_skb_adjust_room(skb, 0x1000, BPF_ADJ_ROOM_NET, 0));
	record(7, bpf_skb_adjust_room(skb, 8, 5, 0));
	record(8, bpf_skb_adjust_room(skb, 8, BPF_ADJ_ROOM_NET, 1ULL << 50));
	record(9, bpf_skb_adjust_room(skb, -2000, BPF_ADJ_ROOM_NET, 0));
	record(10, bpf_skb_adjust_room(skb, 20, BPF_ADJ_ROOM_MAC, BPF_F_ADJ_ROOM_ENCAP_L3_IPV4));
	record(11, skb->protocol);
	record(12, skb->len);
	return 0;
}
