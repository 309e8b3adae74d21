/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

struct line {
	char text[48];
};
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 24);
	__type(key, __u32);
	__type(value, struct line);
} lines SEC(".maps");

static const char numbers[] = "%d|%5d|%-5d|%05d|%+d";
static const char hex[] = "%x %X %llx %08x";
static const char chars[] = "%c%c %s %%";
static const char four[] = "%pI4 %pi4";
static const char six[] = "%pI6 %pi6";
static const char wide[] = "%ld %lu %lld %llu";
static const char none[] = "plain";

#define TO(INDEX, FORMAT, ...) do { \
	__u32 key = INDEX; \
	__u64 values[] = { __VA_ARGS__ }; \
	struct line *line = bpf_map_lookup_elem(&lines, &key); \
	if (line) \
		record(INDEX, bpf_snprintf(line->text, sizeof(line->text), FORMAT, values, sizeof(values))); \
} while (0)

SEC("syscall")
int lines_of_text(void *ctx)
{
	__u8 ip[16] = { 10, 0, 200, 1, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 1 };
	char word[6] = "seven", little[4] = "";

	TO(0, numbers, -42, 42, 42, -42, 42);
	TO(1, hex, 0xdeadbeef, 0xdeadbeef, 0x123456789abcdef0, 0x12);
	TO(2, chars, 'o', 'k', (__u64)(long)word);
	TO(3, four, (__u64)(long)ip, (__u64)(long)ip);
	TO(4, six, (__u64)(long)ip, (__u64)(long)ip);
	TO(5, wide, -1, 1, -2, 2);
	TO(8, chars, 'n', 'o', 8);
	record(9, bpf_snprintf(little, sizeof(little), none, 0, 0));
	record(10, little[2] * 256 + little[3]);
	record(11, bpf_snprintf(0, 0, none, 0, 0));
	return 0;
}
