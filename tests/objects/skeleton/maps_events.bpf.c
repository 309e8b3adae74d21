// SPDX-License-Identifier: (MIT OR GPL-2.0-only)
// Ring buffers and perf event arrays with a type of records, said in each way.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct event { __u32 number; __u8 kind; char what[11]; };
struct sample { __u64 time; __u32 value; };
struct command { __u32 op; __u32 argument; };

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
	__type(value, struct event);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} tagged SEC(".maps") __attribute__((btf_decl_tag("event:struct sample")));

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} untyped SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__type(value, struct sample);
} perf SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} plain_perf SEC(".maps");

struct sample *unused_sample __attribute__((unused));
struct command *unused_command __attribute__((unused));
__u32 number;

SEC("tc")
int emit(struct __sk_buff *skb)
{
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	struct sample sample = { .time = 5, .value = number };

	if (event) {
		event->number = number++;
		event->kind = 3;
		__builtin_memset(event->what, 0, sizeof(event->what));
		event->what[0] = 'p';
		bpf_ringbuf_submit(event, 0);
	}
	bpf_ringbuf_output(&tagged, &sample, sizeof(sample), 0);
	bpf_ringbuf_output(&untyped, &sample, sizeof(sample), 0);
	bpf_perf_event_output(skb, &perf, BPF_F_CURRENT_CPU, &sample, sizeof(sample));
	bpf_perf_event_output(skb, &plain_perf, BPF_F_CURRENT_CPU, &sample, sizeof(sample));
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
