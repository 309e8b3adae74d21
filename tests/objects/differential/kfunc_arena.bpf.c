/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* Addresses differ between kernels: what is at them does not. */
#include "differential.h"

#define BPF_MAP_TYPE_ARENA 33

struct {
	__uint(type, BPF_MAP_TYPE_ARENA);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 8);
} arena SEC(".maps");

extern void *bpf_arena_alloc_pages(void *map, void *address, __u32 count, int node, __u64 flags) __ksym;
extern void bpf_arena_free_pages(void *map, void *address, __u32 count) __ksym;

/* Clang 14 has no word for it: r0 = addr_space_cast(r0). */
#define CAST(POINTER, FROM_TO)						\
({									\
	register void *r0 asm("r0") = (POINTER);			\
	asm volatile(".byte 0xbf, 0x00, 0x01, 0x00; .long " FROM_TO : "+r"(r0)); \
	r0;								\
})
#define TO_KERNEL(POINTER) CAST(POINTER, "1")
#define TO_USER(POINTER) CAST(POINTER, "0x10000")

#define ALLOCATE(ADDRESS, COUNT) bpf_arena_alloc_pages(&arena, ADDRESS, COUNT, NO_NODE, 0)

#define PAGE 4096
#define NO_NODE (-1)

struct node {
	__u64 number;
	struct node *next;
};

SEC("syscall")
int pages(void *context)
{
	void *start, *user, *pair;
	struct node *first, *second, *third;
	__u64 *wanted;

	start = ALLOCATE(0, 1);
	pair = ALLOCATE(0, 2);
	if (!start || !pair)
		return 1;
	record(0, (__u32)(pair - start));
	first = TO_KERNEL(start);
	second = TO_KERNEL(pair);
	record(1, first->number);
	first->number = 11;
	second->number = 22;
	first->next = TO_USER(second);
	record(2, first->next == pair);
	third = TO_KERNEL(first->next);
	record(3, third->number);
	third->number++;
	record(4, second->number);
	record(5, ALLOCATE(0, 6) == 0);
	record(6, ALLOCATE(0, 0) == 0);
	record(7, bpf_arena_alloc_pages(&arena, 0, 1, NO_NODE, 1) == 0);
	record(8, ALLOCATE(start + 8, 1) == 0);
	record(9, ALLOCATE(start, 1) == 0);
	user = ALLOCATE(start + 5 * PAGE, 2);
	record(10, (__u32)(user - start));
	wanted = TO_KERNEL(user);
	wanted[PAGE / 8] = 33;
	record(11, wanted[PAGE / 8]);
	bpf_arena_free_pages(&arena, pair, 2);
	record(12, second->number);
	user = ALLOCATE(0, 4);
	record(13, (__u32)(user - start));
	user = ALLOCATE(0, 1);
	record(14, (__u32)(user - start));
	third = TO_KERNEL(user);
	record(15, third->number);
	record(16, TO_USER(0) == 0);
	record(17, TO_KERNEL(0) == 0);
	return 0;
}
