/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

struct locked {
	__u32 before;
	struct bpf_spin_lock lock;
	__u64 count;
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, struct locked);
} values SEC(".maps");

SEC("tc")
int count(struct __sk_buff *skb)
{
	__u32 key = 1;
	struct locked start = { .before = 3 };
	struct locked *value;

	bpf_map_update_elem(&values, &key, &start, BPF_NOEXIST);
	value = bpf_map_lookup_elem(&values, &key);
	if (!value)
		return 1;
	bpf_spin_lock(&value->lock);
	value->count += 5;
	bpf_spin_unlock(&value->lock);
	record(0, bpf_map_update_elem(&values, &key, &start, BPF_EXIST | BPF_F_LOCK));
	value = bpf_map_lookup_elem(&values, &key);
	if (value)
		record(1, value->count);
	return 0;
}
