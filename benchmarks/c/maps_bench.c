// SPDX-License-Identifier: MIT
// The C side of `LibbpfSharp.Benchmarks maps`: the same operations over libbpf, on the same maps, in slices that the
// .NET side asks for one at a time, so that both run interleaved. Arguments are map ids; commands come on stdin as
// "NAME COUNT", answers are nanoseconds for all COUNT operations. With a sixth argument the process has an idle thread.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/bpf.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define KEYS 10000
#define VALUE 64

struct value {
	uint64_t words[VALUE / 8];
};

static int hash, percpu, array, big, mapped;
// Aligned as on the .NET side: where a value lies in two cache lines, copying it costs more.
static uint64_t keys[KEYS] __attribute__((aligned(64)));
static struct value values[KEYS] __attribute__((aligned(64)));
static uint64_t batch_keys[KEYS] __attribute__((aligned(64)));
static struct value batch_values[KEYS] __attribute__((aligned(64)));
static uint64_t *memory;
static int cpus;
static volatile uint64_t sink;

static uint64_t now(void)
{
	struct timespec t;

	// CPU time: what else runs on the machine should not count.
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000000ull + t.tv_nsec;
}

static void die(const char *what)
{
	fprintf(stderr, "maps_bench: %s failed\n", what);
	exit(1);
}

static void run(const char *name, long count)
{
	struct value *buffer = aligned_alloc(64, cpus * sizeof(struct value));
	uint64_t start = now();
	long i;

	memset(buffer, 0, cpus * sizeof(struct value));
	if (!strcmp(name, "hash-update")) {
		for (i = 0; i < count; i++)
			if (bpf_map_update_elem(hash, &keys[i % KEYS], &values[i % KEYS], BPF_ANY))
				die(name);
	} else if (!strcmp(name, "hash-lookup")) {
		for (i = 0; i < count; i++)
			if (bpf_map_lookup_elem(hash, &keys[i % KEYS], buffer))
				die(name);
	} else if (!strcmp(name, "percpu-update")) {
		for (i = 0; i < count; i++)
			if (bpf_map_update_elem(percpu, &keys[i % KEYS], buffer, BPF_ANY))
				die(name);
	} else if (!strcmp(name, "percpu-lookup")) {
		for (i = 0; i < count; i++)
			if (bpf_map_lookup_elem(percpu, &keys[i % KEYS], buffer))
				die(name);
	} else if (!strcmp(name, "array-update")) {
		for (i = 0; i < count; i++) {
			uint32_t index = i % KEYS;

			if (bpf_map_update_elem(array, &index, &values[index], BPF_ANY))
				die(name);
		}
	} else if (!strcmp(name, "array-lookup")) {
		for (i = 0; i < count; i++) {
			uint32_t index = i % KEYS;

			if (bpf_map_lookup_elem(array, &index, buffer))
				die(name);
		}
	} else if (!strcmp(name, "batch-update")) {
		for (i = 0; i < count; i += KEYS) {
			uint32_t n = KEYS;

			if (bpf_map_update_batch(hash, keys, values, &n, NULL) || n != KEYS)
				die(name);
		}
	} else if (!strcmp(name, "batch-lookup")) {
		for (i = 0; i < count; i += KEYS) {
			uint32_t n = KEYS, cursor;

			// All in one call, which then ends with ENOENT.
			bpf_map_lookup_batch(hash, NULL, &cursor, batch_keys, batch_values, &n, NULL);
			if (n != KEYS)
				die(name);
		}
	} else if (!strcmp(name, "walk")) {
		long seen = 0;
		uint64_t sum = 0;

		while (seen < count) {
			uint64_t key, *at = NULL;

			while (bpf_map_get_next_key(big, at, &key) == 0) {
				at = &key;
				if (bpf_map_lookup_elem(big, &key, buffer) == 0) {
					sum += buffer->words[0];
					seen++;
				}
			}
		}
		sink = sum;
	} else if (!strcmp(name, "mmap-add")) {
		for (i = 0; i < count; i++)
			__atomic_store_n(&memory[i % KEYS], __atomic_load_n(&memory[i % KEYS], __ATOMIC_RELAXED) + 1, __ATOMIC_RELAXED);
	} else {
		die("an unknown command");
	}

	printf("%llu\n", (unsigned long long)(now() - start));
	fflush(stdout);
	free(buffer);
}

static void *idle(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static int open_id(const char *id)
{
	int fd = bpf_map_get_fd_by_id(strtoul(id, NULL, 10));

	if (fd < 0)
		die("opening a map by id");
	return fd;
}

int main(int argc, char **argv)
{
	char name[64];
	long count;
	int i;

	pthread_t thread;

	if (argc != 6 && argc != 7)
		die("reading the arguments (five map ids)");
	if (argc == 7 && pthread_create(&thread, NULL, idle, NULL))
		die("pthread_create");
	cpus = libbpf_num_possible_cpus();
	hash = open_id(argv[1]);
	percpu = open_id(argv[2]);
	array = open_id(argv[3]);
	big = open_id(argv[4]);
	mapped = open_id(argv[5]);
	memory = mmap(NULL, KEYS * 8, PROT_READ | PROT_WRITE, MAP_SHARED, mapped, 0);
	if (memory == MAP_FAILED)
		die("mmap");
	for (i = 0; i < KEYS; i++)
		keys[i] = i;
	printf("ready\n");
	fflush(stdout);
	while (scanf("%63s %ld", name, &count) == 2)
		run(name, count);
	return 0;
}
