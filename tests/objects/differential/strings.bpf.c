/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

static const char word[] = "kernel";

#define PARSE(INDEX, TEXT, FLAGS) do { \
	char text[] = TEXT; \
	long number = 99; \
	unsigned long positive = 99; \
	record(INDEX, bpf_strtol(text, sizeof(text), FLAGS, &number)); \
	record(INDEX + 1, number); \
	record(INDEX + 2, bpf_strtoul(text, sizeof(text), FLAGS, &positive)); \
	record(INDEX + 3, positive); \
} while (0)

SEC("syscall")
int parse(void *ctx)
{
	PARSE(0, "123", 0);
	PARSE(4, "  -77x", 10);
	PARSE(8, "0x1fg", 0);
	PARSE(12, "0755", 0);
	PARSE(16, "99999999999999999999", 10);
	PARSE(20, "9223372036854775808", 10);
	PARSE(24, "zero", 0);
	PARSE(28, "12", 7);
	PARSE(32, "ff", 16);
	PARSE(36, "0xff", 16);
	PARSE(40, "-", 0);
	PARSE(44, "08", 0);
	return 0;
}

SEC("syscall")
int compare(void *ctx)
{
	char same[8] = "kernel", less[8] = "kermit", more[8] = "kernels", part[3] = { 'k', 'e', 'r' };

	record(50, bpf_strncmp(same, sizeof(same), word));
	record(51, bpf_strncmp(less, sizeof(less), word));
	record(52, bpf_strncmp(more, sizeof(more), word));
	record(53, bpf_strncmp(part, sizeof(part), word));
	return 0;
}
