/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

SEC("tc")
int skb_context(struct __sk_buff *skb)
{
	record(0, skb->len);
	record(1, skb->pkt_type);
	record(2, skb->mark);
	record(3, skb->queue_mapping);
	record(4, skb->protocol);
	record(5, skb->vlan_present);
	record(6, skb->priority);
	record(7, skb->ingress_ifindex);
	record(8, skb->ifindex);
	record(9, skb->tc_index);
	record(10, skb->cb[0] + skb->cb[4]);
	record(11, skb->hash);
	record(12, skb->tc_classid);
	record(13, skb->data_end - skb->data);
	record(14, skb->napi_id);
	record(15, skb->tstamp);
	record(16, skb->wire_len);
	record(17, skb->gso_segs);
	record(18, skb->gso_size);
	record(19, skb->hwtstamp);
	record(20, *(__u8 *)&skb->protocol);
	record(21, *(__u16 *)&skb->len);
	record(22, ((__u8 *)&skb->len)[1]);
	skb->mark = 0x1234;
	asm volatile("" ::: "memory");
	skb->priority = 7;
	skb->tc_index = 3;
	skb->cb[1] = 55;
	asm volatile("" ::: "memory");
	skb->queue_mapping = 2;
	skb->tc_classid = 0x10001;
	skb->tstamp = 99;
	record(23, skb->mark + skb->priority + skb->tc_index + skb->cb[1]);
	record(24, skb->queue_mapping);
	record(25, skb->tc_classid);
	record(26, skb->tstamp_type);
	return 0x12345678;
}
