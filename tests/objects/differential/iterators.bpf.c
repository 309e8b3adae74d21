/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* Iterators that the test reads: over the maps of this object, and over the elements of some. */
#include "differential.h"

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
	__u64 session_id;
	__u64 seq_num;
} __attribute__((preserve_access_index));

struct bpf_map {
	__u32 id;
	__u32 key_size;
	__u32 value_size;
	__u32 max_entries;
	__u32 map_flags;
	char name[16];
} __attribute__((preserve_access_index));

struct bpf_iter__bpf_map {
	struct bpf_iter_meta *meta;
	struct bpf_map *map;
} __attribute__((preserve_access_index));

struct bpf_iter__bpf_map_elem {
	struct bpf_iter_meta *meta;
	struct bpf_map *map;
	void *key;
	void *value;
} __attribute__((preserve_access_index));

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 900);
	__type(key, __u32);
	__type(value, __u64);
} many SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u64);
} elements SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 3);
	__type(key, __u32);
	__type(value, __u64);
} percpu_array SEC(".maps");

extern __s64 bpf_map_sum_elem_count(const struct bpf_map *map) __ksym;

__u32 ids[3];
__u32 retries;

SEC("xdp")
int fill(struct xdp_md *ctx)
{
	__u32 key = 7;
	__u64 value = 42;

	bpf_map_update_elem(&elements, &key, &value, BPF_ANY);
	key = 2;
	bpf_map_update_elem(&percpu_array, &key, &value, BPF_ANY);
	ids[0] = ((struct bpf_map *)&many)->id;
	ids[1] = ((struct bpf_map *)&elements)->id;
	ids[2] = ((struct bpf_map *)&percpu_array)->id;
	record(1, ids[0] != ids[1]);
	record(2, ((struct bpf_map *)&many)->max_entries);
	return XDP_PASS;
}

/* The maps of this object among all. */
SEC("iter/bpf_map")
int maps(struct bpf_iter__bpf_map *ctx)
{
	static const char line[] = "%s %u %u %u %x: %lld\n";
	static const char last[] = "end\n";
	struct bpf_map *map = ctx->map;
	__u64 values[6];

	if (!map) {
		bpf_seq_printf(ctx->meta->seq, last, sizeof(last), (void *)0, 0);
		return 0;
	}
	if (map->id != ids[0] && map->id != ids[1] && map->id != ids[2])
		return 0;
	if (map->id == ids[1] && retries < 2) {
		retries++; /* asked for again by the next read */
		return 1;
	}
	values[0] = (__u64)(unsigned long)map->name;
	values[1] = map->key_size;
	values[2] = map->value_size;
	values[3] = map->max_entries;
	values[4] = map->map_flags;
	values[5] = bpf_map_sum_elem_count(map);
	bpf_seq_printf(ctx->meta->seq, line, sizeof(line), values, sizeof(values));
	return 0;
}

/* More than a buffer, and an element that is asked for again. */
SEC("?iter/bpf_map_elem")
int many_elements(struct bpf_iter__bpf_map_elem *ctx)
{
	static const char line[] = "%08u of %u is %llu, number %llu; some more text so that all of it is more than one buffer\n";
	static const char last[] = "end %llu\n";
	__u32 *key = ctx->key;
	__u64 *value = ctx->value;
	__u64 values[4];

	values[0] = ctx->meta->seq_num;
	if (!key || !value) {
		bpf_seq_printf(ctx->meta->seq, last, sizeof(last), values, 8);
		return 0;
	}
	if (*key == 500 && retries < 5) {
		retries++;
		return 1;
	}
	values[3] = values[0];
	values[0] = *key;
	values[1] = ctx->map->max_entries;
	values[2] = *value;
	*value += *key;
	bpf_seq_printf(ctx->meta->seq, line, sizeof(line), values, sizeof(values));
	return 0;
}

SEC("?iter/bpf_map_elem")
int hash_elements(struct bpf_iter__bpf_map_elem *ctx)
{
	__u32 *key = ctx->key;
	__u64 *value = ctx->value;

	if (!key || !value)
		return 0;
	bpf_seq_write(ctx->meta->seq, key, 4);
	bpf_seq_write(ctx->meta->seq, value, 8);
	return 0;
}

SEC("?iter/bpf_map_elem")
int percpu_elements(struct bpf_iter__bpf_map_elem *ctx)
{
	__u32 *key = ctx->key;
	__u64 *value = ctx->value;

	if (!key || !value)
		return 0;
	bpf_seq_write(ctx->meta->seq, key, 4);
	bpf_seq_write(ctx->meta->seq, value, 8);
	*value = 5; /* of the copy */
	return 0;
}

#define LINE "%0200u %0200u %0200u %0200u %0200u %0200u %0200u %0200u %0200u %0200u %0200u %0200u\n"

static __always_inline int print_lines(struct seq_file *seq, int count)
{
	static const char line[] = LINE;
	__u64 values[12] = {};
	int i;

	for (i = 0; i < count; i++)
		if (bpf_seq_printf(seq, line, sizeof(line), values, sizeof(values)))
			return i;
	return -1;
}

/* Each fits the buffer, two together do not. */
SEC("iter/bpf_map")
int halves(struct bpf_iter__bpf_map *ctx)
{
	struct bpf_map *map = ctx->map;

	if (map && (map->id == ids[0] || map->id == ids[1] || map->id == ids[2]))
		record(3, print_lines(ctx->meta->seq, 8));
	return 0;
}

/* Larger than the buffer by itself: nothing can be read. */
SEC("iter/bpf_map")
int too_large(struct bpf_iter__bpf_map *ctx)
{
	struct bpf_map *map = ctx->map;

	if (map && map->id == ids[0]) {
		record(4, print_lines(ctx->meta->seq, 20));
		ids[0] = ids[1] = ids[2] = 0; /* not the same on both kernels */
	}
	return 0;
}
