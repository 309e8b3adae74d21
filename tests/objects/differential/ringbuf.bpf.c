/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

SEC("tc")
int produce(struct __sk_buff *skb)
{
	__u64 data[4] = { 1, 2, 3, skb->len };
	__u32 *entry;

	record(0, bpf_ringbuf_query(&events, BPF_RB_AVAIL_DATA));
	record(1, bpf_ringbuf_query(&events, BPF_RB_RING_SIZE));
	record(2, bpf_ringbuf_output(&events, data, sizeof(data), 0));
	record(3, bpf_ringbuf_output(&events, data, 5, BPF_RB_NO_WAKEUP));
	record(4, bpf_ringbuf_output(&events, data, 8, 9));
	entry = bpf_ringbuf_reserve(&events, 12, 0);
	if (entry) {
		entry[0] = 7;
		entry[1] = 8;
		entry[2] = 9;
		bpf_ringbuf_submit(entry, 0);
	}
	entry = bpf_ringbuf_reserve(&events, 4, 0);
	if (entry) {
		entry[0] = 1;
		bpf_ringbuf_discard(entry, 0);
	}
	entry = bpf_ringbuf_reserve(&events, 5000, 0);
	record(5, entry != 0);
	if (entry)
		bpf_ringbuf_discard(entry, 0);
	entry = bpf_ringbuf_reserve(&events, 8, 1);
	record(6, entry != 0);
	if (entry)
		bpf_ringbuf_discard(entry, 0);
	record(7, bpf_ringbuf_query(&events, BPF_RB_AVAIL_DATA));
	record(8, bpf_ringbuf_query(&events, BPF_RB_PROD_POS));
	record(9, bpf_ringbuf_query(&events, BPF_RB_CONS_POS));
	record(10, bpf_ringbuf_query(&events, 77));
	return 0;
}
