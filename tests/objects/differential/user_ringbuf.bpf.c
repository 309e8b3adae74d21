/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

struct {
	__uint(type, BPF_MAP_TYPE_USER_RINGBUF);
	__uint(max_entries, 4096);
} input SEC(".maps");

static long sample(struct bpf_dynptr *dynptr, void *ctx)
{
	__u64 word = 0;

	bpf_dynptr_read(&word, sizeof(word), dynptr, 0, 0);
	add(10, word);
	return 0;
}

SEC("syscall")
int drain(void *ctx)
{
	record(0, bpf_user_ringbuf_drain(&input, sample, 0, 0));
	record(1, bpf_user_ringbuf_drain(&input, sample, 0, 8));
	record(2, bpf_user_ringbuf_drain(&input, sample, 0, BPF_RB_FORCE_WAKEUP));
	return 0;
}
