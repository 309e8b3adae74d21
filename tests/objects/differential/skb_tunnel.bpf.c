/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

SEC("tc")
int skb_tunnel(struct __sk_buff *skb)
{
	struct bpf_tunnel_key key = { .tunnel_id = 7, .remote_ipv4 = 0x0a000001, .tunnel_tos = 3, .tunnel_ttl = 64 }, got = {};

	record(0, bpf_skb_get_tunnel_key(skb, &got, sizeof(got), 0));
	record(1, bpf_skb_set_tunnel_key(skb, &key, sizeof(key), 0));
	record(2, bpf_skb_get_tunnel_key(skb, &got, sizeof(got), 0));
	record(3, got.tunnel_id);
	record(4, got.remote_ipv4);
	record(5, got.local_ipv4);
	record(6, got.tunnel_tos * 256 + got.tunnel_ttl);
	record(7, bpf_skb_get_tunnel_key(skb, &got, sizeof(got), BPF_F_TUNINFO_IPV6));
	record(8, got.tunnel_id);
	record(9, bpf_skb_set_tunnel_key(skb, &key, sizeof(key), 1 << 20));
	record(10, bpf_skb_set_tunnel_key(skb, &key, 7, 0));
	key.tunnel_label = 5;
	record(11, bpf_skb_set_tunnel_key(skb, &key, sizeof(key), 0));
	record(12, bpf_skb_set_tunnel_key(skb, &key, sizeof(key), BPF_F_TUNINFO_IPV6));
	return 0;
}
