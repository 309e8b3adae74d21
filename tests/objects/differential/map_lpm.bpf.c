/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

struct lpm_key {
	__u32 length;
	__u8 address[4];
};

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 16);
	__type(key, struct lpm_key);
	__type(value, __u32);
	__uint(map_flags, BPF_F_NO_PREALLOC);
} routes SEC(".maps");

static __always_inline void set(__u32 index, __u8 a, __u8 b, __u32 length, __u32 value)
{
	struct lpm_key key = { length, { a, b, 0, 0 } };

	record(index, bpf_map_update_elem(&routes, &key, &value, 0));
}

static __always_inline void get(__u32 index, __u8 a, __u8 b, __u8 d)
{
	struct lpm_key key = { 32, { a, b, 0, d } };
	__u32 *value = bpf_map_lookup_elem(&routes, &key);

	record(index, value ? *value : -1);
}

SEC("xdp")
int longest_prefix(struct xdp_md *ctx)
{
	set(0, 10, 0, 8, 1);
	set(1, 10, 1, 16, 2);
	set(2, 10, 1, 33, 3);
	set(3, 0, 0, 0, 4);
	get(4, 10, 2, 1);
	get(5, 10, 1, 1);
	get(6, 11, 1, 1);
	struct lpm_key key = { 16, { 10, 1, 0, 0 } };
	record(7, bpf_map_delete_elem(&routes, &key));
	record(8, bpf_map_delete_elem(&routes, &key));
	get(9, 10, 1, 1);
	return XDP_PASS;
}
