// SPDX-License-Identifier: (MIT OR GPL-2.0-only)
// What a skeleton is used for: typed maps, globals of each section, a program that attaches by its section and one that does not.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <stdbool.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct stats {
	__u32 calls;
	__u8 kind : 4, level : 4;
	__u64 total;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, char[16]);
	__type(value, struct stats);
} by_name SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} per_cpu SEC(".maps");

const volatile __u32 watched_pid = 1;
const volatile bool enabled;
__u64 step = 1;
__u64 seen;
struct stats last;

SEC("raw_tp/sys_enter")
int on_enter(void *ctx)
{
	char name[16] = {};
	struct stats *stats;
	__u32 zero = 0;
	__u64 *count;

	if (!enabled || bpf_get_current_pid_tgid() >> 32 != watched_pid)
		return 0;
	__sync_fetch_and_add(&seen, step);
	count = bpf_map_lookup_elem(&per_cpu, &zero);
	if (count)
		*count += 1;
	__builtin_memcpy(name, "enter", 5);
	stats = bpf_map_lookup_elem(&by_name, name);
	if (stats) {
		stats->calls++;
		stats->kind = 5;
		last = *stats;
	}
	return 0;
}

SEC("xdp")
int pass(struct xdp_md *ctx)
{
	return XDP_PASS;
}
