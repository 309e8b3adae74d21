/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

SEC("socket")
int skb_load_socket(struct __sk_buff *skb)
{
	__u8 bytes[4] = {};

	record(0, bpf_skb_load_bytes(skb, 0, bytes, 4));
	record(1, bytes[0] * 256 + bytes[3]);
	record(2, bpf_skb_load_bytes_relative(skb, 0, bytes, 4, BPF_HDR_START_NET));
	record(3, bytes[0] * 256 + bytes[3]);
	record(4, bpf_skb_load_bytes_relative(skb, 12, bytes, 2, BPF_HDR_START_MAC));
	record(5, bytes[0] * 256 + bytes[1]);
	record(6, skb->len);
	record(7, bpf_get_socket_uid(skb));
	record(8, bpf_get_socket_cookie(skb) > 0);
	return skb->len;
}
