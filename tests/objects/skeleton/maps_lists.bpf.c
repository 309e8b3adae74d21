// SPDX-License-Identifier: (MIT OR GPL-2.0-only)
// Queue, stack, bloom filter, LPM trie, arrays.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct job { __u32 id; char what[12]; };
struct prefix { __u32 length; __u8 address[4]; };
struct route { __u32 interface; __u8 metric; };

#define MAP(kind, name, v) struct { __uint(type, BPF_MAP_TYPE_ ## kind); __uint(max_entries, 8); __type(value, v); } name SEC(".maps")
#define ARRAY(kind, name, v) struct { __uint(type, BPF_MAP_TYPE_ ## kind); __uint(max_entries, 4); __type(key, __u32); __type(value, v); } name SEC(".maps")
MAP(QUEUE, jobs, struct job);
MAP(STACK, undo, __u64);
ARRAY(ARRAY, slots, struct job);
ARRAY(PERCPU_ARRAY, counts, __u64);

struct {
	__uint(type, BPF_MAP_TYPE_BLOOM_FILTER);
	__uint(max_entries, 16);
	__uint(map_extra, 3);
	__type(value, __u32);
} seen SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 16);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct prefix);
	__type(value, struct route);
} routes SEC(".maps");

struct prefix look_up;
__u32 interface;

SEC("tc")
int work(struct __sk_buff *skb)
{
	struct job job = {};
	__u64 length = skb->len, *count;
	__u32 key = 0;
	struct route *route;

	if (!bpf_map_pop_elem(&jobs, &job)) {
		key = job.id & 3;
		bpf_map_update_elem(&slots, &key, &job, BPF_ANY);
		bpf_map_push_elem(&undo, &length, BPF_ANY);
		bpf_map_push_elem(&seen, &job.id, BPF_ANY);
	}
	count = bpf_map_lookup_elem(&counts, &key);
	if (count)
		*count += 1;
	route = bpf_map_lookup_elem(&routes, &look_up);
	interface = route ? route->interface : 0;
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
