/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

SEC("xdp")
int head(struct xdp_md *ctx)
{
	record(0, bpf_xdp_get_buff_len(ctx));
	record(1, bpf_xdp_adjust_head(ctx, 2));
	record(2, ctx->data_end - ctx->data);
	record(3, bpf_xdp_adjust_head(ctx, -20));
	record(4, ctx->data_end - ctx->data);
	record(5, bpf_xdp_adjust_head(ctx, -1000));
	record(6, bpf_xdp_adjust_head(ctx, 2000));
	__u8 *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	if (data + 18 <= end)
		for (int i = 0; i < 18; i++)
			data[i] = i;
	return XDP_PASS;
}
