/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* Types that both kernels have alike, printed with every flag. */
#include "differential.h"
#include <bpf/bpf_core_read.h>

typedef struct {
	int counter;
} atomic_t;

struct text {
	char text[1024];
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 256);
	__type(key, __u32);
	__type(value, struct text);
} texts SEC(".maps");

struct text empty;

/* Memory of every type: bytes that differ, and text. */
__u8 counted[256];
__u8 zeros[256];
char words[64] = "some words\0and more";

static __noinline void print(__u32 number, void *memory, __u32 type, __u64 flags)
{
	struct btf_ptr pointer = { .ptr = memory, .type_id = type };
	struct text *text;

	bpf_map_update_elem(&texts, &number, &empty, BPF_ANY);
	text = bpf_map_lookup_elem(&texts, &number);
	if (text)
		record(number & 63, bpf_snprintf_btf(text->text, sizeof(text->text), &pointer, sizeof(pointer), flags));
}

static __always_inline void print_all(__u32 number, void *memory, __u32 type)
{
	/* Without BTF_F_PTR_RAW where a pointer would be hashed. */
	print(number, memory, type, BTF_F_PTR_RAW);
	print(number + 1, memory, type, BTF_F_PTR_RAW | BTF_F_COMPACT);
	print(number + 2, memory, type, BTF_F_PTR_RAW | BTF_F_COMPACT | BTF_F_NONAME);
	print(number + 3, memory, type, BTF_F_PTR_RAW | BTF_F_COMPACT | BTF_F_ZERO);
	print(number + 4, zeros, type, 0);
	print(number + 5, zeros, type, BTF_F_ZERO);
}

#define ALL(NUMBER, TYPE) print_all(NUMBER, counted, bpf_core_type_id_kernel(TYPE))

SEC("tc")
int scalars(struct __sk_buff *skb)
{
	__u32 kind = BPF_MAP_TYPE_LRU_HASH;
	int i;

	for (i = 0; i < sizeof(counted); i++)
		counted[i] = i & 8 ? 0 : i + 1;
	ALL(0, int);
	ALL(6, __u64);
	ALL(12, __be16);
	ALL(18, __u32);
	ALL(24, atomic_t);
	ALL(30, enum bpf_map_type);
	print(36, &kind, bpf_core_type_id_kernel(enum bpf_map_type), 0);
	print(37, words, bpf_core_type_id_kernel(char), 0);
	return 0;
}

SEC("tc")
int structures(struct __sk_buff *skb)
{
	ALL(64, struct bpf_fib_lookup);
	ALL(70, struct __sk_buff);
	ALL(76, struct btf_ptr);
	ALL(82, struct bpf_perf_event_value);
	ALL(88, struct bpf_sock_tuple);
	ALL(94, struct bpf_devmap_val);
	ALL(100, struct bpf_cgroup_storage_key);
	print(106, words, bpf_core_type_id_kernel(struct bpf_fib_lookup), BTF_F_COMPACT);
	return 0;
}

SEC("tc")
int errors(struct __sk_buff *skb)
{
	struct btf_ptr pointer = { .ptr = counted, .type_id = bpf_core_type_id_kernel(struct bpf_perf_event_value) };
	char buffer[24] = "................";

	record(40, bpf_snprintf_btf(buffer, 10, &pointer, sizeof(pointer), 0));
	record(41, *(__u64 *)buffer);
	record(42, *(__u64 *)(buffer + 8));
	record(43, bpf_snprintf_btf(buffer, 1, &pointer, sizeof(pointer), 0));
	record(44, *(__u64 *)buffer);
	record(45, bpf_snprintf_btf(buffer, sizeof(buffer), &pointer, sizeof(pointer), 16));
	record(46, bpf_snprintf_btf(buffer, sizeof(buffer), &pointer, 8, 0));
	pointer.type_id = 0;
	record(47, bpf_snprintf_btf(buffer, sizeof(buffer), &pointer, sizeof(pointer), 0));
	pointer.type_id = 0x7fffffff;
	record(48, bpf_snprintf_btf(buffer, sizeof(buffer), &pointer, sizeof(pointer), 0));
	pointer.type_id = bpf_core_type_id_kernel(struct bpf_perf_event_value);
	pointer.ptr = (void *)1;
	record(49, bpf_snprintf_btf(buffer, sizeof(buffer), &pointer, sizeof(pointer), 0));
	return 0;
}

struct seq_file;
struct bpf_iter_meta {
	struct seq_file *seq;
} __attribute__((preserve_access_index));
struct bpf_iter__bpf_map {
	struct bpf_iter_meta *meta;
	struct bpf_map *map;
} __attribute__((preserve_access_index));

SEC("iter/bpf_map")
int print_types(struct bpf_iter__bpf_map *ctx)
{
	struct btf_ptr pointer = { .ptr = counted, .type_id = bpf_core_type_id_kernel(struct bpf_perf_event_value) };
	struct seq_file *seq = ctx->meta->seq;

	/* Once, at the end. */
	if (ctx->map)
		return 0;
	record(50, bpf_seq_printf_btf(seq, &pointer, sizeof(pointer), 0));
	record(51, bpf_seq_printf_btf(seq, &pointer, sizeof(pointer), BTF_F_COMPACT));
	record(52, bpf_seq_printf_btf(seq, &pointer, sizeof(pointer), 64));
	return 0;
}
