// SPDX-License-Identifier: (MIT OR GPL-2.0-only)
// Pointers: to anything, to functions, qualified, tagged; 8 bytes everywhere.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct target { __u32 value; };
struct list { struct list *next; struct target *target; __u64 count; };
struct pointers {
	void *nothing;
	const void *constant;
	struct target *target;
	const volatile struct target *qualified;
	struct unknown *unknown;
	int (*function)(int, struct target *);
	struct target *array[2];
	struct target **twice;
	char *text;
	const __u32 number;
	volatile __u32 changing;
	struct list list;
};

struct pointers in, out;
struct list head;
struct target value;
int *restrict limited;

SEC("tc")
int copy(struct __sk_buff *skb)
{
	out.nothing = in.nothing;
	out.target = in.target;
	out.array[1] = in.array[0];
	out.changing = in.number;
	out.list.count = in.list.count + head.count + value.value;
	return limited ? 1 : 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
