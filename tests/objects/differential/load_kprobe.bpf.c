/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

SEC("kprobe/anything")
int probe(void *ctx)
{
	record(0, bpf_get_func_ip(ctx));
	record(1, bpf_get_attach_cookie(ctx));
	return 0;
}
