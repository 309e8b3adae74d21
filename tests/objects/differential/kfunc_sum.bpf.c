/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

struct bpf_map {
	__u32 id;
} __attribute__((preserve_access_index));

extern __s64 bpf_map_sum_elem_count(const struct bpf_map *map) __ksym;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u64);
} hash SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u64);
} array SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_LRU_PERCPU_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} lru SEC(".maps");

#define COUNT(MAP) bpf_map_sum_elem_count((const struct bpf_map *)&MAP)

SEC("xdp")
int count(struct xdp_md *ctx)
{
	record(0, COUNT(hash));
	for (int i = 0; i < 5; i++) {
		__u32 index = i;
		__u64 value = i;

		bpf_map_update_elem(&hash, &index, &value, 0);
		bpf_map_update_elem(&array, &index, &value, 0);
		bpf_map_update_elem(&lru, &index, &value, 0);
	}
	record(1, COUNT(hash));
	record(2, COUNT(array));
	record(3, COUNT(lru));
	__u32 key = 2;
	bpf_map_delete_elem(&hash, &key);
	record(4, COUNT(hash));
	return XDP_PASS;
}
