/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

SEC("xdp")
int bytes(struct xdp_md *ctx)
{
	__u8 buffer[8] = { 9, 9, 9, 9, 9, 9, 9, 9 };

	record(0, bpf_xdp_load_bytes(ctx, 4, buffer, 8));
	record(1, buffer[0] * 256 + buffer[7]);
	record(2, bpf_xdp_store_bytes(ctx, 0, buffer, 6));
	record(3, bpf_xdp_load_bytes(ctx, 10000, buffer, 8));
	record(4, bpf_xdp_load_bytes(ctx, 0x10000, buffer, 8));
	record(5, bpf_xdp_store_bytes(ctx, bpf_xdp_get_buff_len(ctx) - 4, buffer, 8));
	return XDP_PASS;
}
