// SPDX-License-Identifier: (MIT OR GPL-2.0-only)
// Packed and over-aligned structs; a program copies them member by member.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <stdbool.h>

struct five { __u8 tag; __u32 value; } __attribute__((packed));
struct seven { __u16 half; struct five five; } __attribute__((packed));
struct nineteen { __u8 first; __u64 wide; struct seven seven; bool flag; __u16 last; } __attribute__((packed));
struct over_aligned { __u32 a; __u8 b; } __attribute__((aligned(32)));
struct aligned_member { __u8 a; __u32 b __attribute__((aligned(16))); };
struct packed_array { __u8 count; struct five items[3]; } __attribute__((packed));
struct packed_aligned { __u8 a; __u64 b; } __attribute__((packed, aligned(4)));

struct nineteen nineteen_in, nineteen_out;
struct over_aligned over_in, over_out;
struct aligned_member member_in, member_out;
struct packed_array array_in, array_out;
struct packed_aligned both_in, both_out;

SEC("tc")
int copy(struct __sk_buff *skb)
{
	nineteen_out.first = nineteen_in.first;
	nineteen_out.wide = nineteen_in.wide;
	nineteen_out.seven.half = nineteen_in.seven.half;
	nineteen_out.seven.five.tag = nineteen_in.seven.five.tag;
	nineteen_out.seven.five.value = nineteen_in.seven.five.value;
	nineteen_out.flag = nineteen_in.flag;
	nineteen_out.last = nineteen_in.last;
	over_out.a = over_in.a;
	over_out.b = over_in.b;
	member_out.a = member_in.a;
	member_out.b = member_in.b;
	array_out.count = array_in.count;
	for (int i = 0; i < 3; i++) {
		array_out.items[i].tag = array_in.items[i].tag;
		array_out.items[i].value = array_in.items[i].value;
	}
	both_out.a = both_in.a;
	both_out.b = both_in.b;
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
