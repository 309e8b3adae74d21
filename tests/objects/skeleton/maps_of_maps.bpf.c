// SPDX-License-Identifier: (MIT OR GPL-2.0-only)
// Maps of maps with typed and untyped inner maps, and a program array.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct value { __u32 a, b; };

struct inner_array {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct value);
} first SEC(".maps"), second SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 3);
	__type(key, __u32);
	__array(values, struct inner_array);
} by_index SEC(".maps") = { .values = { &first, 0, &second } };

struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(max_entries, 4);
	__type(key, char[8]);
	__array(values, struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 4); __type(key, __u64); __type(value, __u64); });
} by_name SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__uint(key_size, 4);
	__array(values, struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 4); __uint(key_size, 3); __uint(value_size, 5); });
} untyped SEC(".maps");

int target(struct __sk_buff *skb);

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 2);
	__uint(key_size, 4);
	__array(values, int (void *));
} jumps SEC(".maps") = { .values = { [1] = (void *)&target } };

__u32 sum, jumped;
__u32 outer_index;

SEC("tc")
int entry(struct __sk_buff *skb)
{
	__u32 key = outer_index, zero = 0;
	char name[8] = "one";
	__u64 id = 1;
	void *inner = bpf_map_lookup_elem(&by_index, &key);

	if (inner) {
		struct value *value = bpf_map_lookup_elem(inner, &zero);

		if (value)
			sum = value->a + value->b;
	}
	inner = bpf_map_lookup_elem(&by_name, name);
	if (inner) {
		__u64 *number = bpf_map_lookup_elem(inner, &id);

		if (number)
			*number += 1;
	}
	bpf_map_lookup_elem(&untyped, &zero);
	bpf_tail_call(skb, &jumps, 1);
	return 1;
}

SEC("tc")
int target(struct __sk_buff *skb)
{
	jumped++;
	return 7;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
