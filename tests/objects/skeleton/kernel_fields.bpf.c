// SPDX-License-Identifier: (MIT OR GPL-2.0-only)
// What the kernel keeps in map values: user space sees zeros.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct locked {
	__u64 before;
	struct bpf_spin_lock lock;
	__u32 value;
};
struct timed {
	struct bpf_timer timer;
	__u64 fired;
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, struct locked);
} locked SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct timed);
} timed SEC(".maps");

SEC("tc")
int touch(struct __sk_buff *skb)
{
	__u32 key = 1;
	struct locked *value = bpf_map_lookup_elem(&locked, &key);

	if (!value)
		return 1;
	bpf_spin_lock(&value->lock);
	value->value += value->before;
	bpf_spin_unlock(&value->lock);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
