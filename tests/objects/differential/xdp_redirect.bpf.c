/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u32);
} devices SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_CPUMAP);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u32);
} cpus SEC(".maps");

SEC("xdp")
int redirects(struct xdp_md *ctx)
{
	record(0, bpf_redirect(1, 0));
	record(1, bpf_redirect(1, 1));
	record(2, bpf_redirect_map(&devices, 0, 0));
	record(3, bpf_redirect_map(&devices, 0, XDP_PASS));
	record(4, bpf_redirect_map(&devices, 9, XDP_DROP));
	record(5, bpf_redirect_map(&devices, 0, 64));
	record(6, bpf_redirect_map(&devices, 0, BPF_F_BROADCAST));
	record(7, bpf_redirect_map(&cpus, 0, XDP_TX));
	record(8, bpf_redirect_map(&cpus, 0, BPF_F_BROADCAST));
	return XDP_TX;
}
