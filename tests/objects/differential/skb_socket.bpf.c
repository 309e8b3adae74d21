/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

SEC("tc")
int socket(struct __sk_buff *skb)
{
	struct bpf_sock *sk = skb->sk, *full;

	record(0, bpf_get_socket_cookie(skb) > 0);
	record(1, bpf_get_socket_uid(skb));
	record(2, bpf_get_netns_cookie(skb) > 0);
	if (!sk)
		return 1;
	full = bpf_sk_fullsock(sk);
	record(3, full != 0);
	if (full) {
		record(4, full->family);
		record(5, full->type);
		record(6, full->protocol);
		record(7, full->src_ip4);
		record(8, full->dst_ip4);
		record(9, full->state);
		record(10, full->src_port);
		record(11, full->dst_port);
		record(12, full->mark + full->priority + full->bound_dev_if);
		record(13, full->rx_queue_mapping);
		record(14, full->src_ip6[0] ^ full->dst_ip6[3]);
	}
	record(20, bpf_tcp_sock(sk) != 0);
	record(21, bpf_get_listener_sock(sk) != 0);
	record(22, bpf_skc_to_tcp_sock(sk) != 0);
	record(23, bpf_skc_to_tcp6_sock(sk) != 0);
	record(24, bpf_skc_to_tcp_timewait_sock(sk) != 0);
	record(25, bpf_skc_to_tcp_request_sock(sk) != 0);
	record(26, bpf_skc_to_udp6_sock(sk) != 0);
	record(27, bpf_skc_to_unix_sock(sk) != 0);
	record(28, bpf_skc_to_mptcp_sock(sk) != 0);
	return 0;
}
