// SPDX-License-Identifier: (MIT OR GPL-2.0-only)
// A ring buffer that a test run writes to, a program array and a tail call.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct event {
	__u32 number;
	__u32 size;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

int second(struct __sk_buff *skb);

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 2);
	__uint(key_size, sizeof(__u32));
	__array(values, int (void *));
} jumps SEC(".maps") = {
	.values = { [1] = (void *)&second },
};

__u32 number;
__u32 lost;
__u32 jumped;

SEC("tc")
int emit(struct __sk_buff *skb)
{
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event) {
		lost++;
		return 1;
	}
	event->number = number++;
	event->size = skb->len;
	bpf_ringbuf_submit(event, 0);
	return 0;
}

SEC("tc")
int first(struct __sk_buff *skb)
{
	bpf_tail_call(skb, &jumps, 1);
	return 100;
}

SEC("tc")
int second(struct __sk_buff *skb)
{
	jumped++;
	return 7;
}

char LICENSE[] SEC("license") = "GPL";
