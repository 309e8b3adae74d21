/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

SEC("lwt_xmit")
int xmit(struct __sk_buff *skb)
{
	__u8 bytes[4] = { 1, 2, 3, 4 };

	record(0, bpf_skb_load_bytes(skb, 0, bytes, 4));
	record(1, bytes[0]);
	record(2, bpf_skb_change_head(skb, 4, 0));
	record(3, skb->len);
	record(4, bpf_skb_store_bytes(skb, 0, bytes, 4, 0));
	skb->priority = 3;
	return BPF_OK;
}

static __noinline int push(struct __sk_buff *skb, __u32 type, void *header, __u32 length)
{
	int error = bpf_lwt_push_encap(skb, type, header, length);

	record(20, skb->len);
	record(21, skb->protocol);
	record(22, skb->hash);
	return error;
}

SEC("lwt_in")
int push_encap(struct __sk_buff *skb)
{
	__u8 ip4[24] = { 0x45, 0, 0, 60, 0, 1, 0, 0, 64, 47, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0, 0, 8, 0 };
	__u8 ip6[40] = { 0x60, 0, 0, 0, 0, 20, 41, 64, 0xfd, 1 };

	record(23, bpf_lwt_push_encap(skb, BPF_LWT_ENCAP_IP, ip4, 19));
	record(24, bpf_lwt_push_encap(skb, 7, ip4, 20));
	ip4[0] = 0x55;
	record(25, bpf_lwt_push_encap(skb, BPF_LWT_ENCAP_IP, ip4, 20));
	ip4[0] = 0x47;
	record(26, bpf_lwt_push_encap(skb, BPF_LWT_ENCAP_IP, ip4, 24));
	ip4[0] = 0x45;
	record(27, bpf_lwt_push_encap(skb, BPF_LWT_ENCAP_IP, ip6, 39));
	record(28, push(skb, BPF_LWT_ENCAP_IP, ip4, 24));
	if (skb->len > 60)
		record(29, push(skb, BPF_LWT_ENCAP_IP, ip6, 40));
	return BPF_OK;
}

SEC("lwt_in")
int in(struct __sk_buff *skb)
{
	record(10, bpf_skb_pull_data(skb, 0));
	record(11, skb->len);
	return BPF_DROP;
}
