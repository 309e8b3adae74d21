/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* A timer that is due in an hour: on Linux the test is over before, on the emulator time is the test's. */
#include "differential.h"

struct entry {
	__u64 fired;
	struct bpf_timer timer;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, struct entry);
} entries SEC(".maps");

static int expire(void *map, __u32 *key, struct entry *entry)
{
	entry->fired += *key;
	return 0;
}

SEC("tc")
int arm(struct __sk_buff *skb)
{
	__u32 key = 7;
	struct entry empty = {}, *entry;

	bpf_map_update_elem(&entries, &key, &empty, BPF_NOEXIST);
	entry = bpf_map_lookup_elem(&entries, &key);
	if (!entry)
		return 1;
	bpf_timer_init(&entry->timer, &entries, 1);
	bpf_timer_set_callback(&entry->timer, expire);
	record(0, bpf_timer_start(&entry->timer, 3600000000000ULL, 0));
	return 0;
}
