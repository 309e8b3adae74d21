/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* Cookies are random: what counts is that each kernel takes its own, and the size of segments in it. */
#include "differential.h"
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>

struct segment {
	struct tcphdr tcp;
	__u8 options[4];
};

static __always_inline void make(struct segment *segment, __u16 mss)
{
	__builtin_memset(segment, 0, sizeof(*segment));
	segment->tcp.source = bpf_htons(1234);
	segment->tcp.dest = bpf_htons(80);
	segment->tcp.seq = bpf_htonl(1000);
	segment->tcp.doff = 6;
	segment->tcp.syn = 1;
	segment->options[0] = 2;
	segment->options[1] = 4;
	segment->options[2] = mss >> 8;
	segment->options[3] = mss & 0xff;
}

SEC("tc")
int ipv4(struct __sk_buff *skb)
{
	struct iphdr ip = { .version = 4, .ihl = 5, .saddr = bpf_htonl(0x0a000001), .daddr = bpf_htonl(0x0a000002), .protocol = 6 };
	struct segment segment;
	__s64 cookie;

	make(&segment, 1400);
	cookie = bpf_tcp_raw_gen_syncookie_ipv4(&ip, &segment.tcp, sizeof(segment));
	record(0, cookie >> 32);
	record(1, bpf_tcp_raw_gen_syncookie_ipv4(&ip, &segment.tcp, sizeof(segment.tcp)));
	segment.tcp.syn = 0;
	segment.tcp.ack = 1;
	segment.tcp.seq = bpf_htonl(1001);
	segment.tcp.ack_seq = bpf_htonl((__u32)cookie + 1);
	record(2, bpf_tcp_raw_check_syncookie_ipv4(&ip, &segment.tcp));
	segment.tcp.source = bpf_htons(1235);
	record(3, bpf_tcp_raw_check_syncookie_ipv4(&ip, &segment.tcp));
	make(&segment, 100);
	record(4, bpf_tcp_raw_gen_syncookie_ipv4(&ip, &segment.tcp, sizeof(segment)) >> 32);
	make(&segment, 9000);
	record(5, bpf_tcp_raw_gen_syncookie_ipv4(&ip, &segment.tcp, sizeof(segment)) >> 32);
	segment.options[0] = 1;
	segment.options[1] = 1;
	segment.options[2] = 0;
	record(6, bpf_tcp_raw_gen_syncookie_ipv4(&ip, &segment.tcp, sizeof(segment)) >> 32);
	return 0;
}

SEC("xdp")
int ipv6(struct xdp_md *ctx)
{
	struct ipv6hdr ip = { .version = 6, .nexthdr = 6 };
	struct segment segment;
	__s64 cookie;

	ip.saddr.s6_addr32[3] = 1;
	ip.daddr.s6_addr32[3] = 2;
	make(&segment, 1460);
	cookie = bpf_tcp_raw_gen_syncookie_ipv6(&ip, &segment.tcp, sizeof(segment));
	record(10, cookie >> 32);
	segment.tcp.seq = bpf_htonl(1001);
	segment.tcp.ack_seq = bpf_htonl((__u32)cookie + 1);
	record(11, bpf_tcp_raw_check_syncookie_ipv6(&ip, &segment.tcp));
	segment.tcp.ack_seq = bpf_htonl((__u32)cookie + 0x01000001);
	record(12, bpf_tcp_raw_check_syncookie_ipv6(&ip, &segment.tcp));
	make(&segment, 1);
	record(13, bpf_tcp_raw_gen_syncookie_ipv6(&ip, &segment.tcp, sizeof(segment)) >> 32);
	return XDP_PASS;
}

/* A socket that listens is found by no packet of the test; both helpers are loaded, and reached if there is one. */
SEC("tc")
int of_socket(struct __sk_buff *skb)
{
	struct iphdr ip = { .version = 4, .ihl = 5 };
	struct bpf_sock *sk = skb->sk;
	struct segment segment;

	make(&segment, 1400);
	if (!sk)
		return 0;
	sk = bpf_sk_fullsock(sk);
	if (!sk)
		return 0;
	sk = bpf_get_listener_sock(sk);
	if (!sk)
		return 0;
	record(20, bpf_tcp_gen_syncookie(sk, &ip, sizeof(ip), &segment.tcp, sizeof(segment)) >> 32);
	record(21, bpf_tcp_check_syncookie(sk, &ip, sizeof(ip), &segment.tcp, sizeof(segment)));
	return 0;
}
