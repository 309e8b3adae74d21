/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

SEC("tc")
int formats(struct __sk_buff *skb)
{
	static const char plain[] = "a %d %u %x", wide[] = "%lld %llu %llx %d", bad[] = "%z", extra[] = "%d %d";
	static const char four[] = "%d-%d-%d-%d", text[] = "[%s]";
	__u64 numbers[4] = { 1, 22, 333, 4444 };
	char unended[3] = { 'a', 'b', 'c' }, word[8] = "word";
	__u64 string[1] = { (__u64)(long)word };

	record(0, bpf_trace_printk(plain, sizeof(plain), -5, 7, 0xab));
	record(1, bpf_trace_printk(wide, sizeof(wide), 1, 2, 3));
	record(2, bpf_trace_printk(bad, sizeof(bad), 1));
	record(3, bpf_trace_printk(unended, sizeof(unended)));
	record(4, bpf_trace_vprintk(four, sizeof(four), numbers, sizeof(numbers)));
	record(5, bpf_trace_vprintk(four, sizeof(four), numbers, 8));
	record(6, bpf_trace_vprintk(four, sizeof(four), numbers, 12));
	record(7, bpf_trace_vprintk(text, sizeof(text), string, sizeof(string)));
	record(8, bpf_trace_printk(extra, sizeof(extra), 1, 2, 3));
	return 0;
}
