// SPDX-License-Identifier: MIT OR GPL-2.0
// Drops packets from blocked networks and to blocked ports, counts all, and reports what it drops.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define MAX_ENTRIES 4096
#define MAX_VLAN_TAGS 2
#define MAX_EXTENSIONS 4
#define FRAGMENT_OFFSET 0x1fff

enum verdict {
	PASSED,
	BLOCKED_NETWORK,
	BLOCKED_PORT,
	MALFORMED,
	VERDICTS,
};

struct ipv4_prefix {
	__u32 length;
	__u8 address[4];
};

struct ipv6_prefix {
	__u32 length;
	__u8 address[16];
};

struct port {
	__u16 number;
	__u8 protocol;
	__u8 zero;
};

struct counter {
	__u64 packets;
	__u64 bytes;
};

// What is known of a packet, and the record that tells of a dropped one.
struct packet {
	__u8 source[16]; // of IPv4 the first four bytes
	__u32 length;
	__u16 type; // ETH_P_*
	__u16 port; // of the destination
	__u8 protocol;
	__u8 verdict;
	__u8 zero[2];
};

// What is left of a packet.
struct cursor {
	void *at;
	void *end;
};

// The values of the block lists count the packets that they dropped.
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, MAX_ENTRIES);
	__type(key, struct ipv4_prefix);
	__type(value, __u64);
} blocked_ipv4 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, MAX_ENTRIES);
	__type(key, struct ipv6_prefix);
	__type(value, __u64);
} blocked_ipv6 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAX_ENTRIES);
	__type(key, struct port);
	__type(value, __u64);
} blocked_ports SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, VERDICTS);
	__type(key, __u32);
	__type(value, struct counter);
} counters SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} dropped SEC(".maps");

// Set before load: without reports the verifier takes the code for them out.
const volatile _Bool reports_drops = 1;

// The next bytes of the packet, or NULL if it ends before them.
static __always_inline void *take(struct cursor *cursor, __u32 size)
{
	void *at = cursor->at;

	if (at + size > cursor->end)
		return NULL;
	cursor->at = at + size;
	return at;
}

static __noinline enum verdict check_port(struct cursor *cursor, struct packet *packet)
{
	struct port key = {};
	__be16 *ports;
	__u64 *hits;

	if (packet->protocol != IPPROTO_TCP && packet->protocol != IPPROTO_UDP)
		return PASSED;
	ports = take(cursor, 2 * sizeof(*ports));
	if (!ports)
		return MALFORMED;
	packet->port = bpf_ntohs(ports[1]);
	key.number = packet->port;
	key.protocol = packet->protocol;
	hits = bpf_map_lookup_elem(&blocked_ports, &key);
	if (!hits)
		return PASSED;
	__sync_fetch_and_add(hits, 1);
	return BLOCKED_PORT;
}

static __noinline enum verdict check_ipv4(struct cursor *cursor, struct packet *packet)
{
	struct ipv4_prefix key = { .length = 32 };
	struct iphdr *ip = take(cursor, sizeof(*ip));
	__u64 *hits;

	if (!ip || ip->ihl < 5 || !take(cursor, (ip->ihl - 5) * 4))
		return MALFORMED;
	__builtin_memcpy(packet->source, &ip->saddr, sizeof(ip->saddr));
	__builtin_memcpy(key.address, &ip->saddr, sizeof(ip->saddr));
	packet->protocol = ip->protocol;
	hits = bpf_map_lookup_elem(&blocked_ipv4, &key);
	if (hits) {
		__sync_fetch_and_add(hits, 1);
		return BLOCKED_NETWORK;
	}

	// Only the first fragment has ports.
	if (ip->frag_off & bpf_htons(FRAGMENT_OFFSET))
		return PASSED;
	return check_port(cursor, packet);
}

static __noinline enum verdict check_ipv6(struct cursor *cursor, struct packet *packet)
{
	struct ipv6_prefix key = { .length = 128 };
	struct ipv6hdr *ip = take(cursor, sizeof(*ip));
	__u64 *hits;
	int i;

	if (!ip)
		return MALFORMED;
	__builtin_memcpy(packet->source, &ip->saddr, sizeof(ip->saddr));
	__builtin_memcpy(key.address, &ip->saddr, sizeof(ip->saddr));
	packet->protocol = ip->nexthdr;
	hits = bpf_map_lookup_elem(&blocked_ipv6, &key);
	if (hits) {
		__sync_fetch_and_add(hits, 1);
		return BLOCKED_NETWORK;
	}

	for (i = 0; i < MAX_EXTENSIONS; i++) {
		__u8 *extension;

		if (packet->protocol != IPPROTO_HOPOPTS && packet->protocol != IPPROTO_ROUTING &&
		    packet->protocol != IPPROTO_DSTOPTS && packet->protocol != IPPROTO_FRAGMENT)
			break;
		extension = take(cursor, 8);
		if (!extension)
			return MALFORMED;
		if (packet->protocol == IPPROTO_FRAGMENT) {
			if (extension[2] || extension[3] & 0xf8)
				return PASSED; // only the first fragment has ports
		} else if (!take(cursor, extension[1] * 8)) {
			return MALFORMED;
		}

		packet->protocol = extension[0];
	}

	return check_port(cursor, packet);
}

static __noinline enum verdict check(struct cursor *cursor, struct packet *packet)
{
	struct ethhdr *ethernet = take(cursor, sizeof(*ethernet));
	int i;

	if (!ethernet)
		return MALFORMED;
	packet->type = bpf_ntohs(ethernet->h_proto);
	for (i = 0; i < MAX_VLAN_TAGS; i++) {
		__be16 *tag;

		if (packet->type != ETH_P_8021Q && packet->type != ETH_P_8021AD)
			break;
		tag = take(cursor, 2 * sizeof(*tag));
		if (!tag)
			return MALFORMED;
		packet->type = bpf_ntohs(tag[1]);
	}

	if (packet->type == ETH_P_IP)
		return check_ipv4(cursor, packet);
	if (packet->type == ETH_P_IPV6)
		return check_ipv6(cursor, packet);
	return PASSED;
}

static __noinline int count(__u32 verdict, __u32 length)
{
	struct counter *counter = bpf_map_lookup_elem(&counters, &verdict);

	if (counter) {
		counter->packets++;
		counter->bytes += length;
	}

	return 0;
}

SEC("xdp")
int xdp_filter(struct xdp_md *ctx)
{
	struct packet packet = { .length = ctx->data_end - ctx->data };
	struct cursor cursor = { (void *)(long)ctx->data, (void *)(long)ctx->data_end };

	packet.verdict = check(&cursor, &packet);
	count(packet.verdict, packet.length);
	if (packet.verdict == PASSED)
		return XDP_PASS;
	if (reports_drops)
		bpf_ringbuf_output(&dropped, &packet, sizeof(packet), 0);
	return XDP_DROP;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
