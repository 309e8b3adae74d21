/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

SEC("xdp")
int meta(struct xdp_md *ctx)
{
	__u8 *data, *data_meta;

	record(0, bpf_xdp_adjust_meta(ctx, -8));
	record(1, bpf_xdp_adjust_meta(ctx, -3));
	record(2, bpf_xdp_adjust_meta(ctx, 4));
	record(3, bpf_xdp_adjust_meta(ctx, 8));
	record(4, bpf_xdp_adjust_meta(ctx, -300));
	data = (void *)(long)ctx->data;
	data_meta = (void *)(long)ctx->data_meta;
	record(5, data - data_meta);
	if (data_meta + 4 <= data)
		data_meta[0] = data_meta[1] = data_meta[2] = data_meta[3] = 0x77;
	record(6, bpf_xdp_adjust_head(ctx, -4));
	return XDP_PASS;
}
