// SPDX-License-Identifier: MIT OR GPL-2.0
// A program that writes to its streams (6.17), as it is run by BPF_PROG_TEST_RUN.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

extern int bpf_stream_vprintk_impl(int stream, const char *format, const void *arguments, __u32 size, void *aux__prog) __ksym __weak;

// 6.17 had it without the suffix.
extern int bpf_stream_vprintk(int stream, const char *format, const void *arguments, __u32 size, void *aux__prog) __ksym __weak;

int result = 1; // of the last call; 1 if the kernel has no streams

static const char said[] = "%d of %d\n", failed[] = "no %d\n";

SEC("syscall") int say(void *ctx)
{
	__u64 arguments[] = { 1, 2 };

	if (bpf_stream_vprintk_impl) {
		result = bpf_stream_vprintk_impl(1, said, arguments, sizeof(arguments), 0);
		if (!result)
			result = bpf_stream_vprintk_impl(2, failed, arguments, 8, 0);
	} else if (bpf_stream_vprintk) {
		result = bpf_stream_vprintk(1, said, arguments, sizeof(arguments), 0);
		if (!result)
			result = bpf_stream_vprintk(2, failed, arguments, 8, 0);
	}
	return 0;
}
