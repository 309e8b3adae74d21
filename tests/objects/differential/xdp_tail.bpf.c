/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

SEC("xdp")
int tail(struct xdp_md *ctx)
{
	record(0, bpf_xdp_adjust_tail(ctx, 40));
	record(1, bpf_xdp_get_buff_len(ctx));
	record(2, bpf_xdp_adjust_tail(ctx, -10));
	record(3, bpf_xdp_get_buff_len(ctx));
	record(4, bpf_xdp_adjust_tail(ctx, 5000));
	record(5, bpf_xdp_adjust_tail(ctx, -5000));
	return XDP_TX;
}
