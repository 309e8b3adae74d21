/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

SEC("cgroup_skb/egress")
int fields(struct __sk_buff *skb)
{
	record(0, skb->len);
	record(1, skb->family);
	record(2, skb->remote_ip4);
	record(3, skb->local_ip4);
	record(4, skb->remote_ip6[0] ^ skb->remote_ip6[3]);
	record(5, skb->local_ip6[0] ^ skb->local_ip6[3]);
	record(6, skb->remote_port);
	record(7, skb->local_port);
	record(8, skb->protocol);
	record(9, skb->ifindex);
	skb->mark = 4;
	skb->priority = 5;
	skb->cb[2] = 6;
	return 1;
}
