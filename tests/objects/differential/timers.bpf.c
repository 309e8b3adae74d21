/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

struct entry {
	__u64 fired;
	struct bpf_timer timer;
};
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct entry);
} entries SEC(".maps");

static int expire(void *map, int *key, struct entry *entry)
{
	entry->fired++;
	return 0;
}

SEC("tc")
int manage(struct __sk_buff *skb)
{
	__u32 key = 1;
	struct entry *entry = bpf_map_lookup_elem(&entries, &key);

	if (!entry)
		return 1;
	record(0, bpf_timer_start(&entry->timer, 1, 0));
	record(1, bpf_timer_init(&entry->timer, &entries, 3));
	add(2, bpf_timer_init(&entry->timer, &entries, 1));
	record(3, bpf_timer_init(&entry->timer, &entries, 1));
	record(4, bpf_timer_start(&entry->timer, 1, 0));
	record(5, bpf_timer_set_callback(&entry->timer, expire));
	record(6, bpf_timer_start(&entry->timer, 3600000000000ULL, 99));
	record(7, bpf_timer_start(&entry->timer, 3600000000000ULL, 0));
	record(8, bpf_timer_cancel(&entry->timer));
	record(9, bpf_timer_cancel(&entry->timer));
	record(10, bpf_timer_start(&entry->timer, 1, 0));
	return 0;
}
