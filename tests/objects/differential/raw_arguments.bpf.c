/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

struct bpf_raw_tracepoint_args_two {
	__u64 args[2];
};

SEC("raw_tp/sys_enter")
int arguments(struct bpf_raw_tracepoint_args_two *ctx)
{
	record(0, ctx->args[0]);
	record(1, ctx->args[1]);
	record(2, bpf_get_attach_cookie(ctx));
	return 3;
}
