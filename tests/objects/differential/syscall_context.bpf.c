/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

struct input {
	__u32 a;
	__u32 b;
	__u64 sum;
};

SEC("syscall")
int add_up(struct input *ctx)
{
	ctx->sum = (__u64)ctx->a + ctx->b;
	record(0, ctx->sum);
	ctx->a++;
	return ctx->b;
}
