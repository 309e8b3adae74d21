// SPDX-License-Identifier: (MIT OR GPL-2.0-only)
// Static and global subprograms, calls between them, callbacks, several programs in a section.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u64);
} sums SEC(".maps");

struct bpf_map;

__u64 total;

static __attribute__((noinline)) __u64 leaf(__u64 x)
{
	return x * 3 + bpf_get_prandom_u32();
}

static __attribute__((noinline)) __u64 branch(__u64 x)
{
	return leaf(x) + leaf(x + 1);
}

__attribute__((noinline)) int shared_global(int x)
{
	total += x;
	return branch(x) & 0xff;
}

__attribute__((noinline, visibility("hidden"))) int hidden_global(int x)
{
	return shared_global(x) + 1;
}

static long add(struct bpf_map *map, const __u32 *key, __u64 *value, void *ctx)
{
	*(__u64 *)ctx += *value;
	return 0;
}

static int step(__u32 index, void *ctx)
{
	*(__u64 *)ctx += leaf(index);
	return 0;
}

SEC("tc")
int first(struct __sk_buff *skb)
{
	return shared_global(skb->len);
}

SEC("tc")
int second(struct __sk_buff *skb)
{
	__u64 sum = 0;

	bpf_for_each_map_elem(&sums, add, &sum, 0);
	bpf_loop(10, step, &sum, 0);
	return hidden_global(sum);
}

SEC("?socket")
int third(struct __sk_buff *skb)
{
	return skb->len;
}

char LICENSE[] SEC("license") = "GPL";
