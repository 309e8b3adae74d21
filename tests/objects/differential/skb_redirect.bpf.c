/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

SEC("tc")
int skb_redirect(struct __sk_buff *skb)
{
	record(0, bpf_redirect(1, 0));
	record(1, bpf_redirect(1, BPF_F_INGRESS));
	record(2, bpf_redirect(1, 6));
	record(3, bpf_redirect_peer(1, 0));
	record(4, bpf_redirect_peer(1, 1));
	record(5, bpf_redirect_neigh(1, 0, 0, 0));
	record(6, bpf_redirect_neigh(1, 0, 0, 1));
	record(7, bpf_clone_redirect(skb, 123456, 0));
	record(8, bpf_clone_redirect(skb, 1, 6));
	return 2;
}
