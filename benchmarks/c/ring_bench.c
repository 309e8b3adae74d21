// SPDX-License-Identifier: MIT
// The C side of `LibbpfSharp.Benchmarks ring`: buffers read through libbpf, in slices that the .NET side asks for one at a
// time, so that both run interleaved. The argument is the object with the producers (tests/objects/streams.bpf.o), which
// this loads for itself, twice: with a small ring and with a large one. Commands come on stdin as "NAME COUNT", answers
// are what the command measures, in nanoseconds.
#define _GNU_SOURCE
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SMALL (256 * 1024)
#define LARGE (16 * 1024 * 1024)
#define SMALL_PAGES 64
#define LARGE_PAGES 4096
#define FILL 8000
#define SAMPLES 1000

struct event {
	uint64_t producer;
	uint64_t sequence;
};

struct side {
	struct bpf_object *object;
	int produce, sample, producers;
	int produce_stamp, sample_stamp;
	struct ring_buffer *ring;
	struct perf_buffer *perf;
};

static struct side small, large;
static uint64_t seen, sum, lost, last_delay;

static void die(const char *what)
{
	fprintf(stderr, "ring_bench: %s failed: %s\n", what, strerror(errno));
	exit(1);
}

static uint64_t now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000000000ull + t.tv_nsec;
}

static void pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static int on_event(void *context, void *data, size_t size)
{
	const struct event *event = data;

	seen++;
	sum += event->sequence;
	return 0;
}

static void on_sample(void *context, int cpu, void *data, uint32_t size)
{
	const struct event *event = data;

	seen++;
	sum += event->sequence;
}

static void on_lost(void *context, int cpu, unsigned long long count) { lost += count; }

static int on_event_stamp(void *context, void *data, size_t size)
{
	const struct event *event = data;

	last_delay = now(CLOCK_MONOTONIC) - event->producer;
	__atomic_add_fetch(&seen, 1, __ATOMIC_SEQ_CST);
	return 0;
}

static void on_sample_stamp(void *context, int cpu, void *data, uint32_t size) { on_event_stamp(context, data, size); }

static int program(struct bpf_object *object, const char *name)
{
	struct bpf_program *program = bpf_object__find_program_by_name(object, name);

	return program ? bpf_program__fd(program) : -1;
}

static int map(struct bpf_object *object, const char *name)
{
	return bpf_object__find_map_fd_by_name(object, name);
}

static void load(struct side *side, const char *path, uint32_t size)
{
	side->object = bpf_object__open_file(path, NULL);
	if (!side->object)
		die("opening the object");
	bpf_map__set_max_entries(bpf_object__find_map_by_name(side->object, "ring"), size);
	if (bpf_object__load(side->object))
		die("loading the object");
	side->produce = program(side->object, "produce");
	side->sample = program(side->object, "sample");
	side->produce_stamp = program(side->object, "produce_stamp");
	side->sample_stamp = program(side->object, "sample_stamp");
	side->producers = map(side->object, "producers");
}

static void open_buffers(struct side *side, int stamps, int pages)
{
	side->ring = ring_buffer__new(map(side->object, "ring"), stamps ? on_event_stamp : on_event, NULL, NULL);
	side->perf = perf_buffer__new(map(side->object, "samples"), pages, stamps ? on_sample_stamp : on_sample, on_lost, NULL, NULL);
	if (!side->ring || !side->perf)
		die("opening the buffers");
}

static void close_buffers(struct side *side)
{
	ring_buffer__free(side->ring);
	perf_buffer__free(side->perf);
}

static void run(int program, uint64_t count, int cpu)
{
	uint64_t arguments[2] = { 0, count };
	LIBBPF_OPTS(bpf_test_run_opts, options, .ctx_in = arguments, .ctx_size_in = sizeof(arguments));

	if (cpu >= 0) {
		options.cpu = cpu;
		options.flags = BPF_F_TEST_RUN_ON_CPU;
	}
	if (bpf_prog_test_run_opts(program, &options))
		die("running a producer");
}

static uint64_t dropped(struct side *side)
{
	uint32_t key = 0;
	uint64_t producer[2];

	if (bpf_map_lookup_elem(side->producers, &key, producer))
		die("reading a producer");
	return producer[1];
}

// Buffers filled, then read: thread time of the reading.
static uint64_t prefilled(long count, int perf)
{
	uint64_t time = 0;

	open_buffers(&small, 0, SMALL_PAGES);
	for (long i = 0; i < count; i += FILL) {
		uint64_t start;
		int got;

		if (perf)
			for (int j = 0; j < FILL; j += SAMPLES)
				run(small.sample, SAMPLES, 0);
		else
			run(small.produce, FILL, -1);
		seen = 0;
		start = now(CLOCK_THREAD_CPUTIME_ID);
		got = perf ? perf_buffer__consume(small.perf) : ring_buffer__consume(small.ring);
		time += now(CLOCK_THREAD_CPUTIME_ID) - start;
		if (got < 0 || seen != FILL)
			die("reading");
	}
	close_buffers(&small);
	return time;
}

struct producing {
	int perf;
	long count;
	int done;
};

static void *produce(void *argument)
{
	struct producing *producing = argument;

	pin(0);
	if (producing->perf)
		for (long i = 0; i < producing->count; i += SAMPLES)
			run(large.sample, SAMPLES, -1);
	else
		run(large.produce, producing->count, -1);
	__atomic_store_n(&producing->done, 1, __ATOMIC_SEQ_CST);
	return NULL;
}

// A producer on one CPU, a reader on another: wall time until all is read, and what was dropped.
static void concurrent(long count, int perf)
{
	struct producing producing = { .perf = perf, .count = count };
	uint64_t before = dropped(&large), start, time;
	pthread_t thread;

	open_buffers(&large, 0, LARGE_PAGES);
	pin(1);
	seen = 0;
	start = now(CLOCK_MONOTONIC);
	if (pthread_create(&thread, NULL, produce, &producing))
		die("pthread_create");
	while (seen < count) {
		int got = perf ? perf_buffer__poll(large.perf, 10) : ring_buffer__poll(large.ring, 10);

		if (got < 0 && errno != EINTR)
			die("polling");
		if (__atomic_load_n(&producing.done, __ATOMIC_SEQ_CST) && seen + dropped(&large) - before >= count)
			break;
	}
	time = now(CLOCK_MONOTONIC) - start;
	pthread_join(thread, NULL);
	close_buffers(&large);
	printf("%llu %llu\n", (unsigned long long)time, (unsigned long long)(dropped(&large) - before));
	fflush(stdout);
}

struct waking {
	int perf;
	long count;
};

static void *wake(void *argument)
{
	struct waking *waking = argument;

	pin(0);
	for (long i = 0; i < waking->count; i++) {
		// Until the reader has the last one and sleeps again.
		while (__atomic_load_n(&seen, __ATOMIC_SEQ_CST) < i)
			sched_yield();
		usleep(200);
		run(waking->perf ? small.sample_stamp : small.produce_stamp, 0, -1);
	}
	return NULL;
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

// A reader that sleeps, and one event at a time: the median of the times from the event to the handler.
static uint64_t latency(long count, int perf)
{
	struct waking waking = { .perf = perf, .count = count };
	uint64_t *delays = calloc(count, sizeof(*delays)), median;
	pthread_t thread;
	long i = 0;

	open_buffers(&small, 1, SMALL_PAGES);
	pin(1);
	seen = 0;
	if (pthread_create(&thread, NULL, wake, &waking))
		die("pthread_create");
	// A reader that was kept from its CPU may find two events at once.
	while (seen < count) {
		uint64_t before = seen;
		int got = perf ? perf_buffer__poll(small.perf, -1) : ring_buffer__poll(small.ring, -1);

		if (got < 0 && errno != EINTR)
			die("polling");
		if (seen > before)
			delays[i++] = last_delay;
	}
	pthread_join(thread, NULL);
	close_buffers(&small);
	qsort(delays, i, sizeof(*delays), compare);
	median = delays[i / 2];
	free(delays);
	return median;
}

int main(int argc, char **argv)
{
	char name[64];
	long count;

	if (argc != 2)
		die("reading the argument (the object)");
	load(&small, argv[1], SMALL);
	load(&large, argv[1], LARGE);
	printf("ready\n");
	fflush(stdout);
	while (scanf("%63s %ld", name, &count) == 2) {
		int perf = !strncmp(name, "perf-", 5);
		const char *what = strchr(name, '-') + 1;

		if (!strcmp(what, "concurrent")) {
			concurrent(count, perf);
			continue;
		}
		printf("%llu\n", (unsigned long long)(!strcmp(what, "latency") ? latency(count, perf) : prefilled(count, perf)));
		fflush(stdout);
	}
	return 0;
}
