// SPDX-License-Identifier: (MIT OR GPL-2.0-only)
// Every kind of number, bool and char; 128 bits; floating point.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <stdbool.h>

struct scalars {
	__u8 u8; __s8 s8; __u16 u16; __s16 s16; __u32 u32; __s32 s32; __u64 u64; __s64 s64;
	char plain_char; unsigned char uchar; signed char schar; bool flag;
	long native_long; unsigned long native_ulong; long long longest;
	float real; double long_real;
	unsigned __int128 wide; __int128 wide_signed;
	__be16 be16; __be32 be32;
};

struct scalars in, out;
bool global_flag;
char global_char = 'x';
const volatile bool constant_flag = true;
const volatile __s64 constant = -5;
unsigned __int128 global_wide;

SEC("tc")
int copy(struct __sk_buff *skb)
{
	out = in;
	global_flag = !global_flag;
	global_char++;
	global_wide = in.wide + 1;
	return constant_flag ? constant + 7 : 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
