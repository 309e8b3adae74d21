/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
} items SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
} slots SEC(".maps");

SEC("syscall")
int elements(void *ctx)
{
	__u32 key = 3, beyond = 4;
	__u64 value = 33;

	record(0, bpf_map_update_elem(&items, &key, &value, BPF_NOEXIST));
	record(1, bpf_map_update_elem(&items, &key, &value, BPF_EXIST));
	record(2, bpf_map_update_elem(&items, &beyond, &value, BPF_ANY));
	record(3, bpf_map_delete_elem(&items, &key));
	record(4, bpf_map_lookup_elem(&items, &beyond) != 0);
	record(5, bpf_map_update_elem(&slots, &key, &value, BPF_ANY));
	record(6, bpf_map_update_elem(&slots, &beyond, &value, BPF_ANY));
	record(7, bpf_map_update_elem(&slots, &key, &value, BPF_NOEXIST));
	record(8, bpf_map_delete_elem(&slots, &key));
	return 0;
}
