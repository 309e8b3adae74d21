// SPDX-License-Identifier: (MIT OR GPL-2.0-only)
// Holes between members and at the end, nested structs, structs without a name.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct inner { __u8 a; __u64 b; __u8 c; };
struct outer {
	__u16 head;
	struct inner inner;
	struct { __u8 x; __u32 y; } place;
	struct { __u8 p; struct { __u16 q; __u8 r; } deep; } twice;
	__u8 tail;
};
typedef struct { __u32 id; __u8 kind; } by_typedef;
typedef by_typedef by_two_typedefs;
struct empty { };
struct with_empty { struct empty none; __u32 some; };

struct outer in, out;
by_two_typedefs typed_in, typed_out;
struct with_empty empty_in, empty_out;

SEC("tc")
int copy(struct __sk_buff *skb)
{
	out.head = in.head;
	out.inner.a = in.inner.a;
	out.inner.b = in.inner.b;
	out.inner.c = in.inner.c;
	out.place.x = in.place.x;
	out.place.y = in.place.y;
	out.twice.p = in.twice.p;
	out.twice.deep.q = in.twice.deep.q;
	out.twice.deep.r = in.twice.deep.r;
	out.tail = in.tail;
	typed_out.id = typed_in.id;
	typed_out.kind = typed_in.kind;
	empty_out.some = empty_in.some;
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
