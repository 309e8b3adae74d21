/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

struct inner {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} inner_a SEC(".maps"), inner_b SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 3);
	__type(key, __u32);
	__array(values, struct inner);
} outer SEC(".maps") = { .values = { [0] = &inner_a, [2] = &inner_b } };

SEC("syscall")
int through(void *ctx)
{
	for (__u32 i = 0; i < 4; i++) {
		__u32 key = i, first = 1;
		__u64 value = 10 + i;
		void *map = bpf_map_lookup_elem(&outer, &key);

		record(i, map != 0);
		if (map)
			record(10 + i, bpf_map_update_elem(map, &first, &value, 0));
	}
	return 0;
}
