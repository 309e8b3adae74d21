// SPDX-License-Identifier: (MIT OR GPL-2.0-only)
// Hash tables of all kinds, keys with padding in them.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct flow { __u32 address; __u8 protocol; __u16 port; };	/* a byte of padding in the middle */
struct long_key { __u64 id; __u8 kind; };			/* seven bytes at the end */
union any_key { __u32 number; char text[12]; };
struct stats { __u64 packets, bytes; };

#define MAP(kind, name, k, v) struct { __uint(type, BPF_MAP_TYPE_ ## kind); __uint(max_entries, 32); __type(key, k); __type(value, v); } name SEC(".maps")
MAP(HASH, flows, struct flow, struct stats);
MAP(PERCPU_HASH, per_cpu_flows, struct flow, struct stats);
MAP(LRU_HASH, recent, struct long_key, __u32);
MAP(LRU_PERCPU_HASH, recent_per_cpu, union any_key, struct stats);
MAP(HASH, by_text, char[8], _Bool);
MAP(HASH, by_pointer, void *, enum bpf_map_type);

struct flow wanted;
struct long_key recent_key;
__u32 found, missed;

SEC("tc")
int count(struct __sk_buff *skb)
{
	struct flow key = {};
	struct stats one = { 1, skb->len }, *old;
	union any_key any = {};
	struct long_key lru = {};
	char text[8] = "text";
	_Bool yes = 1;
	void *none = 0;

	key.address = wanted.address;
	key.protocol = wanted.protocol;
	key.port = wanted.port;
	old = bpf_map_lookup_elem(&flows, &key);
	if (old) {
		found++;
		old->packets++;
		old->bytes += skb->len;
	} else {
		missed++;
		bpf_map_update_elem(&flows, &key, &one, BPF_NOEXIST);
	}
	bpf_map_update_elem(&per_cpu_flows, &key, &one, BPF_ANY);
	lru.id = recent_key.id;
	lru.kind = recent_key.kind;
	bpf_map_update_elem(&recent, &lru, &found, BPF_ANY);
	any.number = wanted.address;
	bpf_map_update_elem(&recent_per_cpu, &any, &one, BPF_ANY);
	bpf_map_update_elem(&by_text, text, &yes, BPF_ANY);
	bpf_map_lookup_elem(&by_pointer, &none);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
