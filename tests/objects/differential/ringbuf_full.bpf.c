/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

SEC("syscall")
int fill(void *ctx)
{
	__u8 data[200] = { 1 };

	for (int i = 0; i < 30; i++)
		if (bpf_ringbuf_output(&events, data, sizeof(data), BPF_RB_NO_WAKEUP))
			add(0, 1);
	record(1, bpf_ringbuf_output(&events, data, sizeof(data), BPF_RB_FORCE_WAKEUP));
	record(2, bpf_ringbuf_query(&events, BPF_RB_AVAIL_DATA));
	return 0;
}
