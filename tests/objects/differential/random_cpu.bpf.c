/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

SEC("xdp")
int numbers(struct xdp_md *ctx)
{
	__u32 a = bpf_get_prandom_u32(), b = bpf_get_prandom_u32(), c = bpf_get_prandom_u32();

	record(0, a != b || b != c);
	record(1, bpf_get_smp_processor_id() < 4096);
	record(2, bpf_get_numa_node_id());
	return XDP_DROP;
}
