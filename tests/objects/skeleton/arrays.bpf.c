// SPDX-License-Identifier: (MIT OR GPL-2.0-only)
// Arrays: of numbers, of structs, of text, in two dimensions, without a length.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <stdbool.h>

#define N 3
struct item { __u16 id; char name[6]; };
struct arrays {
	__u32 numbers[N];
	__s16 matrix[2][N];
	struct item items[2];
	char text[16];
	char lines[2][8];
	bool flags[4];
	__u8 raw[5];
	char single[1];
	struct { __u8 a; __u32 b; } anonymous[2];
	float reals[2];
};
struct record { __u32 length; __u32 kind; __u8 payload[]; };
struct old_record { __u16 count; __u16 pad; struct item items[0]; };

struct arrays in, out;
struct record *unused_record __attribute__((unused));
struct old_record *unused_old_record __attribute__((unused));
__u64 totals[4];

SEC("tc")
int copy(struct __sk_buff *skb)
{
	for (int i = 0; i < N; i++) {
		out.numbers[i] = in.numbers[i];
		out.matrix[0][i] = in.matrix[1][i];
		out.matrix[1][i] = in.matrix[0][i];
	}
	out.items[0].id = in.items[1].id;
	__builtin_memcpy(out.items[0].name, in.items[1].name, sizeof(in.items[1].name));
	__builtin_memcpy(out.text, in.text, sizeof(in.text));
	__builtin_memcpy(out.lines, in.lines, sizeof(in.lines));
	out.flags[3] = in.flags[0];
	__builtin_memcpy(out.raw, in.raw, sizeof(in.raw));
	out.single[0] = in.single[0];
	out.anonymous[1].b = in.anonymous[0].b;
	out.reals[1] = in.reals[0];
	totals[3] = in.numbers[0];
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
