/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

SEC("flow_dissector")
int dissect(struct __sk_buff *skb)
{
	struct bpf_flow_keys *keys = skb->flow_keys;
	__u8 bytes[4] = {};

	record(0, keys->nhoff);
	record(1, keys->n_proto);
	record(2, bpf_skb_load_bytes(skb, 0, bytes, 4));
	record(3, bytes[0]);
	record(4, skb->data_end - skb->data);
	record(5, bpf_skb_load_bytes(skb, 5000, bytes, 4));
	keys->thoff = keys->nhoff + 20;
	keys->ip_proto = 6;
	keys->sport = 5;
	return BPF_OK;
}
