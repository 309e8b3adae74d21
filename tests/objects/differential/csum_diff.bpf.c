/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

SEC("xdp")
int sums(struct xdp_md *ctx)
{
	__be32 from[3] = { 0x11223344, 0xffffffff, 5 }, to[3] = { 0x55667788, 1, 0xfffffffe };

	record(0, bpf_csum_diff(from, 12, to, 12, 0));
	record(1, bpf_csum_diff(0, 0, to, 12, 0));
	record(2, bpf_csum_diff(from, 12, 0, 0, 0));
	record(3, bpf_csum_diff(from, 8, to, 12, 0x1234));
	record(4, bpf_csum_diff(from, 3, to, 12, 0));
	record(5, bpf_csum_diff(0, 0, 0, 0, 0x12345));
	record(6, bpf_csum_diff(from, 4, to, 4, 0xffff));
	return XDP_PASS;
}
