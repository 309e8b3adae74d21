// SPDX-License-Identifier: (MIT OR GPL-2.0-only)
// Unions with and without a name, in structs and of structs; names that meet in them.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

union number { __u64 whole; __u32 half[2]; __u8 bytes[8]; double real; };
struct packet {
	__u8 family;
	union {
		__u32 v4;
		struct { __u64 high, low; };
		__u8 raw[16];
	};
	union number number;
	union { __u16 port; struct { __u8 first, second; } split; } named;
};
union only_structs { struct { __u32 a; } one; struct { __u8 b; __u8 a; } two; };
struct collision { union { __u32 value; }; struct { __u32 Value; }; };

struct packet in, out;
union only_structs structs_in, structs_out;
struct collision collision;

SEC("tc")
int copy(struct __sk_buff *skb)
{
	out.family = in.family;
	out.high = in.high;
	out.low = in.low;
	out.number.whole = in.number.whole;
	out.named.port = in.named.port;
	structs_out.two.b = structs_in.two.b;
	structs_out.two.a = structs_in.two.a;
	collision.Value = collision.value;
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
