/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

SEC("tc")
int skb_hash(struct __sk_buff *skb)
{
	record(0, skb->hash);
	record(1, bpf_set_hash(skb, 0x1234));
	record(2, skb->hash);
	record(3, bpf_get_hash_recalc(skb));
	bpf_set_hash_invalid(skb);
	record(4, skb->hash);
	bpf_get_hash_recalc(skb);
	record(5, bpf_set_hash(skb, 0));
	return 0;
}
