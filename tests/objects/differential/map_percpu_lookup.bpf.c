/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} slots SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
} items SEC(".maps");

SEC("syscall")
int other_cpu(void *ctx)
{
	__u32 key = 1, missing = 9;
	__u64 value = 11, *found;

	bpf_map_update_elem(&slots, &key, &value, 0);
	bpf_map_update_elem(&items, &key, &value, 0);
	found = bpf_map_lookup_percpu_elem(&slots, &key, bpf_get_smp_processor_id());
	record(0, found ? (__s64)*found : -1);
	found = bpf_map_lookup_percpu_elem(&items, &key, bpf_get_smp_processor_id());
	record(1, found ? (__s64)*found : -1);
	record(2, bpf_map_lookup_percpu_elem(&slots, &key, 4000) != 0);
	record(3, bpf_map_lookup_percpu_elem(&items, &missing, 0) != 0);
	record(4, bpf_map_lookup_percpu_elem(&slots, &missing, 0) != 0);
	return 0;
}
