/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

extern int bpf_stream_vprintk_impl(int stream, const char *format, const void *arguments, __u32 size, void *aux__prog) __ksym __weak;

static const char text[] = "%d is %s\n", wrong[] = "%d %y";

/* What is said of arguments; of text, a kernel may have no page for it. */
SEC("syscall")
int say(void *ctx)
{
	__u64 arguments[] = { 7, (__u64)(long)"odd" };

	record(0, bpf_stream_vprintk_impl(0, text, arguments, sizeof(arguments), 0));
	record(1, bpf_stream_vprintk_impl(3, text, arguments, sizeof(arguments), 0));
	record(2, bpf_stream_vprintk_impl(1, text, arguments, 12, 0));
	record(3, bpf_stream_vprintk_impl(1, text, arguments, 8, 0));
	record(4, bpf_stream_vprintk_impl(1, wrong, arguments, sizeof(arguments), 0));
	return 0;
}
