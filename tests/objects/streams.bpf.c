// SPDX-License-Identifier: MIT OR GPL-2.0
// Producers that number their events and count what they could not write: for the stress test and the benchmarks.
// All but "on_enter", which is attached, are run by BPF_PROG_TEST_RUN, "produce" and "sample" with {producer, count}.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

#define PRODUCERS 64

struct event {
	__u64 producer;
	__u64 sequence;
};

struct producer {
	__u64 sequence;
	__u64 dropped;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} ring SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} calls SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} samples SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_USER_RINGBUF);
	__uint(max_entries, 64 * 1024);
} requests SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, PRODUCERS);
	__type(key, __u32);
	__type(value, struct producer);
} producers SEC(".maps");

// What is in test runs an array of 64-bit numbers.
struct arguments {
	__u64 first;
	__u64 second;
};

struct run {
	void *context;
	struct producer *producer;
	__u64 number;
};

__u64 wakeup_flags;  // of bpf_ringbuf_submit()
__u32 target_tgid;   // whose calls "on_enter" sees; 0 for all
__u64 target_call;   // the system call that it sees
__u64 hits;          // calls seen
__u64 missed;        // of these, not written
__u64 requests_sum;
__u64 requests_seen;

static struct producer *find(__u64 number)
{
	__u32 index = number;

	return bpf_map_lookup_elem(&producers, &index);
}

static long reserve_and_submit(__u32 index, struct run *run)
{
	struct event *event = bpf_ringbuf_reserve(&ring, sizeof(*event), 0);

	if (event) {
		event->producer = run->number;
		event->sequence = run->producer->sequence;
		bpf_ringbuf_submit(event, wakeup_flags);
	} else {
		run->producer->dropped++;
	}
	run->producer->sequence++;
	return 0;
}

SEC("raw_tp/sys_enter") int produce(struct arguments *ctx)
{
	struct run run = { .number = ctx->first, .producer = find(ctx->first) };

	if (run.producer)
		bpf_loop(ctx->second, reserve_and_submit, &run, 0);
	return 0;
}

SEC("raw_tp/sys_enter") int sample(struct arguments *ctx)
{
	struct producer *producer = find(ctx->first);
	__u64 count = ctx->second;

	if (!producer)
		return 0;
	for (int i = 0; i < 1000 && i < count; i++) {
		struct event event = { .producer = ctx->first, .sequence = producer->sequence };

		if (bpf_perf_event_output(ctx, &samples, BPF_F_CURRENT_CPU, &event, sizeof(event)))
			producer->dropped++;
		producer->sequence++;
	}
	return 0;
}

// One event with the time instead of the producer: how long it takes to get to a reader that sleeps.
SEC("raw_tp/sys_enter") int produce_stamp(void *ctx)
{
	struct event event = { .producer = bpf_ktime_get_ns() };

	bpf_ringbuf_output(&ring, &event, sizeof(event), 0);
	return 0;
}

SEC("raw_tp/sys_enter") int sample_stamp(void *ctx)
{
	struct event event = { .producer = bpf_ktime_get_ns() };

	bpf_perf_event_output(ctx, &samples, BPF_F_CURRENT_CPU, &event, sizeof(event));
	return 0;
}

SEC("raw_tp/sys_enter") int on_enter(struct arguments *ctx)
{
	struct event event = {};

	if (ctx->second != target_call || (target_tgid && bpf_get_current_pid_tgid() >> 32 != target_tgid))
		return 0;
	__sync_fetch_and_add(&hits, 1);
	event.producer = bpf_get_current_pid_tgid();
	if (bpf_ringbuf_output(&calls, &event, sizeof(event), 0))
		__sync_fetch_and_add(&missed, 1);
	return 0;
}

static long add(struct bpf_dynptr *request, void *context)
{
	__u64 value = 0;

	if (!bpf_dynptr_read(&value, sizeof(value), request, 0, 0)) {
		requests_sum += value;
		requests_seen++;
	}
	return 0;
}

SEC("syscall") int drain(void *ctx) { return bpf_user_ringbuf_drain(&requests, add, 0, 0); }
