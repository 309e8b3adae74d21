/* SPDX-License-Identifier: MIT OR GPL-2.0 */
// What the kinds of hash maps, HASH_TYPE, have in common.
#include "differential.h"

struct {
	__uint(type, HASH_TYPE);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u64);
} items SEC(".maps");

SEC("syscall")
int elements(void *ctx)
{
	__u32 key = 7, missing = 8;
	__u64 value = 70;

	record(0, bpf_map_update_elem(&items, &key, &value, BPF_EXIST));
	record(1, bpf_map_update_elem(&items, &key, &value, BPF_NOEXIST));
	record(2, bpf_map_update_elem(&items, &key, &value, BPF_NOEXIST));
	record(3, bpf_map_update_elem(&items, &key, &value, BPF_ANY));
	record(4, bpf_map_update_elem(&items, &key, &value, 99));
	record(5, bpf_map_delete_elem(&items, &missing));
	__u64 *found = bpf_map_lookup_elem(&items, &key);
	record(6, found ? (__s64)*found : -1);
	record(7, bpf_map_lookup_elem(&items, &missing) != 0);
	if (found)
		*found += 5;
	for (int i = 0; i < 8; i++) {
		__u32 next = 100 + i;

		value = next;
		bpf_map_update_elem(&items, &next, &value, 0);
	}
	record(9, bpf_map_delete_elem(&items, &key));
	return 0;
}
