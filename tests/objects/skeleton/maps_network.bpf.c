// SPDX-License-Identifier: (MIT OR GPL-2.0-only)
// Maps whose values are the kernel's: sockets, devices, CPUs, cgroups, stacks.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define MAP(kind, name) struct { __uint(type, BPF_MAP_TYPE_ ## kind); __uint(max_entries, 4); __uint(key_size, 4); __uint(value_size, 4); } name SEC(".maps")
#define TYPED(kind, name, k, v) struct { __uint(type, BPF_MAP_TYPE_ ## kind); __uint(max_entries, 4); __type(key, k); __type(value, v); } name SEC(".maps")
struct endpoint { __u32 address; __u16 port; __u16 zero; };

MAP(DEVMAP, devices);
MAP(CPUMAP, cpus);
MAP(XSKMAP, xsk);
MAP(CGROUP_ARRAY, cgroups);
TYPED(DEVMAP_HASH, devices_by_hash, __u32, struct bpf_devmap_val);
TYPED(SOCKMAP, sockets, __u32, __u64);
TYPED(SOCKHASH, sockets_by_endpoint, struct endpoint, __u64);
TYPED(REUSEPORT_SOCKARRAY, listeners, __u32, __u64);
TYPED(STACK_TRACE, stacks, __u32, __u64[127]);

SEC("xdp")
int nothing(struct xdp_md *ctx)
{
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
