// SPDX-License-Identifier: (MIT OR GPL-2.0-only)
// Every data section, named ones too; what is not seen from outside; an array at the end that can grow.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct counter { __u64 hits; __u32 size; };

const volatile __u32 limit = 3;
const volatile char greeting[8] SEC(".rodata.text") = "hello";
__u32 step = 1;
__u64 zeroed;
__u32 special SEC(".data.special") = 7;
__u32 table_size SEC(".data.table") = 2;
__u64 table[2] SEC(".data.table") = { 1, 2 };
struct counter counter;
static __u32 private_count = 1;
__u32 weak_one __attribute__((weak)) = 4;
__u32 hidden_one __attribute__((visibility("hidden"))) = 5;

SEC("tc")
int count(struct __sk_buff *skb)
{
	static __u32 calls;
	__u32 i = table_size - 1;

	calls++;
	counter.hits += step;
	counter.size = skb->len;
	private_count++;
	zeroed = limit + special + greeting[0] + weak_one + hidden_one + private_count + calls;
	if (i < 64) {
		__u64 *end = table;

		asm volatile ("" : "+r"(end));
		end[i & 1] += 1;
	}
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
