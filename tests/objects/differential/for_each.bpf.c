/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u64);
} hash SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 5);
	__type(key, __u32);
	__type(value, __u64);
} array SEC(".maps");

struct seen {
	__u64 sum;
	__u32 calls;
};

static long visit(void *map, const __u32 *key, __u64 *value, struct seen *seen)
{
	seen->sum += *key * 1000 + *value;
	(*value)++;
	return 0;
}

static long until_two(void *map, const __u32 *key, __u64 *value, void *ctx)
{
	return *key == 2;
}

static long drop(void *map, const __u32 *key, __u64 *value, void *ctx)
{
	bpf_map_delete_elem(map, key);
	return 0;
}

SEC("xdp")
int walk(struct xdp_md *ctx)
{
	struct seen seen = {};

	for (int i = 0; i < 6; i++) {
		__u32 key = i;
		__u64 value = i * i;

		bpf_map_update_elem(&hash, &key, &value, 0);
	}
	record(0, bpf_for_each_map_elem(&hash, visit, &seen, 0));
	record(1, seen.sum);
	seen.sum = 0;
	record(2, bpf_for_each_map_elem(&array, visit, &seen, 0));
	record(3, seen.sum);
	record(4, bpf_for_each_map_elem(&array, until_two, &seen, 0));
	record(5, bpf_for_each_map_elem(&array, visit, &seen, 1));
	record(6, bpf_for_each_map_elem(&hash, drop, (void *)0, 0));
	return XDP_PASS;
}
