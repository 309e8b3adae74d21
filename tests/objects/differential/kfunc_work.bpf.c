/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* Work runs at another time on each kernel: it leaves nothing behind. */
#include "differential.h"

struct bpf_wq {
	__u64 __opaque[2];
} __attribute__((aligned(8)));

extern int bpf_wq_init(struct bpf_wq *wq, void *map, unsigned int flags) __ksym;
extern int bpf_wq_start(struct bpf_wq *wq, unsigned int flags) __ksym;
extern int bpf_wq_set_callback_impl(struct bpf_wq *wq, int (callback)(void *map, int *key, void *value), unsigned int flags, void *aux) __ksym;

struct entry {
	__u64 done;
	struct bpf_wq work;
};
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct entry);
} entries SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct entry);
} hash SEC(".maps");

static int finish(void *map, int *key, void *value)
{
	return 0;
}

SEC("tc")
int manage(struct __sk_buff *skb)
{
	__u32 key = 1;
	struct entry *entry = bpf_map_lookup_elem(&entries, &key);

	if (!entry)
		return 1;
	record(0, bpf_wq_start(&entry->work, 0));
	record(1, bpf_wq_set_callback_impl(&entry->work, finish, 0, 0));
	record(2, bpf_wq_init(&entry->work, &entries, 1));
	add(3, bpf_wq_init(&entry->work, &entries, 0));
	record(4, bpf_wq_init(&entry->work, &entries, 0));
	record(5, bpf_wq_set_callback_impl(&entry->work, finish, 1, 0));
	record(6, bpf_wq_set_callback_impl(&entry->work, finish, 0, 0));
	record(7, bpf_wq_start(&entry->work, 1));
	record(8, bpf_wq_start(&entry->work, 0));
	return 0;
}

SEC("tc")
int remove(struct __sk_buff *skb)
{
	struct entry empty = {};
	struct entry *entry;
	__u32 key = 5;

	bpf_map_update_elem(&hash, &key, &empty, BPF_ANY);
	entry = bpf_map_lookup_elem(&hash, &key);
	if (!entry)
		return 1;
	record(10, bpf_wq_init(&entry->work, &hash, 0));
	record(11, bpf_wq_set_callback_impl(&entry->work, finish, 0, 0));
	record(12, bpf_wq_start(&entry->work, 0));
	record(13, bpf_map_delete_elem(&hash, &key));
	return 0;
}
