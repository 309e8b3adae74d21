// SPDX-License-Identifier: (MIT OR GPL-2.0-only)
// Bitfields: signed and not, of enumerations and bools, across units, with gaps, as wide as their type.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <stdbool.h>

enum level { LEVEL_LOW = 1, LEVEL_MIDDLE = 2, LEVEL_HIGH = 3 };

struct flags {
	__u32 a : 1, b : 2, c : 5;
	__s32 negative : 6;
	__u32 : 3;
	enum level level : 2;
	bool yes : 1;
	__u64 wide : 41;
	__s64 signed_wide : 33;
	__u8 after;
	__u16 : 0;
	__u16 whole : 16;
};
struct crossing { __u32 a : 30; __u32 b : 30; __s64 c : 60; __u8 d : 7; } __attribute__((packed));
union overlaid { struct { __u8 low : 4, high : 4; }; __u8 both; };

struct flags flags_in, flags_out;
struct crossing crossing_in, crossing_out;
union overlaid overlaid_in, overlaid_out;

SEC("tc")
int copy(struct __sk_buff *skb)
{
	flags_out.a = flags_in.a;
	flags_out.b = flags_in.b;
	flags_out.c = flags_in.c;
	flags_out.negative = flags_in.negative;
	flags_out.level = flags_in.level;
	flags_out.yes = flags_in.yes;
	flags_out.wide = flags_in.wide;
	flags_out.signed_wide = flags_in.signed_wide;
	flags_out.after = flags_in.after;
	flags_out.whole = flags_in.whole;
	crossing_out.a = crossing_in.a;
	crossing_out.b = crossing_in.b;
	crossing_out.c = crossing_in.c;
	crossing_out.d = crossing_in.d;
	overlaid_out.low = overlaid_in.high;
	overlaid_out.high = overlaid_in.low;
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
