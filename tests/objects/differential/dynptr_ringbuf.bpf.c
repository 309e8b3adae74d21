/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

SEC("xdp")
int reserve(struct xdp_md *ctx)
{
	struct bpf_dynptr dynptr;
	__u64 word = 0x0102030405060708, back = 0;
	__u32 *slice;

	record(0, bpf_ringbuf_reserve_dynptr(&events, 24, 0, &dynptr));
	record(1, bpf_dynptr_write(&dynptr, 0, &word, sizeof(word), 0));
	record(2, bpf_dynptr_write(&dynptr, 17, &word, sizeof(word), 0));
	record(3, bpf_dynptr_write(&dynptr, 8, &word, sizeof(word), 1));
	slice = bpf_dynptr_data(&dynptr, 16, 8);
	if (slice) {
		slice[0] = 5;
		slice[1] = 6;
	}
	record(4, bpf_dynptr_data(&dynptr, 20, 8) != 0);
	record(5, bpf_dynptr_read(&back, 8, &dynptr, 1, 0));
	record(6, back);
	record(7, bpf_dynptr_read(&back, 8, &dynptr, 0, 1));
	record(8, bpf_dynptr_read(&back, 8, &dynptr, 24, 0));
	bpf_ringbuf_submit_dynptr(&dynptr, 0);
	record(9, bpf_ringbuf_reserve_dynptr(&events, 8, 1, &dynptr));
	record(10, bpf_dynptr_read(&back, 8, &dynptr, 0, 0));
	bpf_ringbuf_discard_dynptr(&dynptr, 0);
	record(11, bpf_ringbuf_reserve_dynptr(&events, 100000, 0, &dynptr));
	bpf_ringbuf_discard_dynptr(&dynptr, 0);
	record(12, bpf_ringbuf_reserve_dynptr(&events, 16, 0, &dynptr));
	bpf_ringbuf_discard_dynptr(&dynptr, 0);
	return XDP_PASS;
}
