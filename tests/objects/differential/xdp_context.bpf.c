/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

SEC("xdp")
int fields(struct xdp_md *ctx)
{
	record(0, ctx->ingress_ifindex);
	record(1, ctx->rx_queue_index);
	record(2, ctx->data_end - ctx->data);
	record(3, ctx->data - ctx->data_meta);
	return 77;
}
