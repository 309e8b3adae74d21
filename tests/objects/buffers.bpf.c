// SPDX-License-Identifier: MIT OR GPL-2.0
// Producers and a consumer for each kind of buffer, run by BPF_PROG_TEST_RUN.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct event {
	__u64 sequence;
	__u64 kind;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} first SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} second SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_USER_RINGBUF);
	__uint(max_entries, 4096);
} requests SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} samples SEC(".maps");

__u64 wakeup_flags;
__u64 count;
__u64 sum;
__u64 dropped;

SEC("syscall") int produce(void *ctx)
{
	struct event event = {};

	for (int i = 0; i < 100 && i < count; i++) {
		event.sequence = i;
		event.kind = 1;
		if (bpf_ringbuf_output(&first, &event, sizeof(event), wakeup_flags))
			dropped++;
		event.kind = 2;
		if (bpf_ringbuf_output(&second, &event, sizeof(event), wakeup_flags))
			dropped++;
	}
	return 0;
}

static long add(struct bpf_dynptr *request, void *context)
{
	__u64 value = 0;

	if (!bpf_dynptr_read(&value, sizeof(value), request, 0, 0))
		sum += value;
	return 0;
}

SEC("syscall") int drain(void *ctx) { return bpf_user_ringbuf_drain(&requests, add, 0, 0); }

SEC("raw_tp/sys_enter") int sample(void *ctx)
{
	struct event event = { .kind = 3 };

	for (int i = 0; i < 100 && i < count; i++) {
		event.sequence = i;
		if (bpf_perf_event_output(ctx, &samples, BPF_F_CURRENT_CPU, &event, sizeof(event)))
			dropped++;
	}
	return 0;
}
