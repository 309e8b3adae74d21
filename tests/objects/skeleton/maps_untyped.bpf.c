// SPDX-License-Identifier: (MIT OR GPL-2.0-only)
// Maps that only have sizes: bytes, no failure.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define MAP(kind, name, k, v) struct { __uint(type, BPF_MAP_TYPE_ ## kind); __uint(max_entries, 4); __uint(key_size, k); __uint(value_size, v); } name SEC(".maps")
MAP(HASH, hash, 3, 17);
MAP(PERCPU_ARRAY, per_cpu, 4, 12);
MAP(QUEUE, queue, 0, 8);
struct { __uint(type, BPF_MAP_TYPE_LPM_TRIE); __uint(max_entries, 4); __uint(map_flags, BPF_F_NO_PREALLOC); __uint(key_size, 8); __uint(value_size, 4); } trie SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4);
	__type(key, __u32);
	__uint(value_size, 24);
} half_typed SEC(".maps");

SEC("tc")
int nothing(struct __sk_buff *skb)
{
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
