/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

SEC("tc")
int skb_load(struct __sk_buff *skb)
{
	__u8 bytes[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };

	record(0, bpf_skb_load_bytes(skb, 0, bytes, 6));
	record(1, bytes[0] * 256 + bytes[5]);
	record(2, bpf_skb_load_bytes(skb, 10000, bytes, 4));
	record(3, bytes[0] * 256 + bytes[4]);
	record(4, bpf_skb_load_bytes(skb, -1, bytes, 4));
	record(5, bpf_skb_load_bytes_relative(skb, 0, bytes, 4, BPF_HDR_START_NET));
	record(6, bytes[0] * 256 + bytes[3]);
	record(7, bpf_skb_load_bytes_relative(skb, 12, bytes, 2, BPF_HDR_START_MAC));
	record(8, bytes[0] * 256 + bytes[1]);
	record(9, bpf_skb_load_bytes_relative(skb, 0, bytes, 2, 7));
	record(10, bpf_skb_load_bytes_relative(skb, 0x10000, bytes, 2, 0));
	record(11, bpf_skb_load_bytes_relative(skb, 9000, bytes, 2, 1));
	return 0;
}
