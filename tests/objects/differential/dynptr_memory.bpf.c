/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

struct block {
	__u8 bytes[64];
};
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct block);
} blocks SEC(".maps");

SEC("syscall")
int memory(void *ctx)
{
	struct bpf_dynptr dynptr;
	__u32 key = 0;
	__u64 word = 0x1122334455667788, back = 0;
	__u8 *slice;
	struct block *block = bpf_map_lookup_elem(&blocks, &key);

	if (!block)
		return 1;
	record(0, bpf_dynptr_from_mem(block, sizeof(*block), 0, &dynptr));
	record(1, bpf_dynptr_write(&dynptr, 10, &word, sizeof(word), 0));
	record(2, bpf_dynptr_read(&back, sizeof(back), &dynptr, 12, 0));
	record(3, back);
	slice = bpf_dynptr_data(&dynptr, 60, 4);
	if (slice)
		slice[3] = 9;
	record(4, bpf_dynptr_data(&dynptr, 61, 4) != 0);
	record(5, bpf_dynptr_write(&dynptr, 57, &word, sizeof(word), 0));
	record(6, bpf_dynptr_from_mem(block, sizeof(*block), 1, &dynptr));
	record(7, bpf_dynptr_read(&back, 1, &dynptr, 0, 0));
	record(8, bpf_dynptr_data(&dynptr, 0, 1) != 0);
	return 0;
}
