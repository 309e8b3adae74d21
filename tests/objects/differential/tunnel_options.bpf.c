/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

SEC("tc")
int options(struct __sk_buff *skb)
{
	struct bpf_tunnel_key key = { .tunnel_id = 7, .remote_ipv4 = 0x0a000001 };
	struct bpf_xfrm_state state;
	__u8 buffer[16] = { 1, 2, 3, 4, 5, 6, 7, 8 };

	record(0, bpf_skb_get_tunnel_opt(skb, buffer, 8));
	record(1, bpf_skb_set_tunnel_opt(skb, buffer, 8));
	record(2, bpf_skb_set_tunnel_key(skb, &key, sizeof(key), 0));
	record(3, bpf_skb_get_tunnel_opt(skb, buffer, 8));
	record(4, bpf_skb_set_tunnel_opt(skb, buffer, 7));
	buffer[0] = 9;
	buffer[5] = 8;
	record(5, bpf_skb_set_tunnel_opt(skb, buffer, 8));
	record(6, bpf_skb_get_tunnel_opt(skb, buffer, 4));
	record(7, bpf_skb_get_tunnel_opt(skb, buffer, 16));
	record(8, *(__u64 *)buffer);
	record(9, bpf_skb_get_xfrm_state(skb, 0, &state, sizeof(state), 0));
	record(10, state.spi);
	return 0;
}
