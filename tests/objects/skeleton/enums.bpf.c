// SPDX-License-Identifier: (MIT OR GPL-2.0-only)
// Enumerations: signed, flags, of 1 and 8 bytes, without a name, with values twice. (clang 14 writes no ENUM64: values beyond 32 bits are cut.)
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

enum plain { PLAIN_NONE, PLAIN_SOME, PLAIN_ALL };
enum with_sign { SIGN_MINUS = -1, SIGN_ZERO, SIGN_PLUS };
enum bits { BITS_A = 1, BITS_B = 2, BITS_C = 0x80000000 };
enum wide { WIDE_LOW = 1, WIDE_TOP = 0x8000000000000000ULL };
enum wide_signed { WS_LOW = -0x7fffffffffffffffLL, WS_HIGH = 0x7fffffffffffffffLL };
enum tiny { TINY_ONE = 1, TINY_MANY = 255 } __attribute__((mode(byte)));
enum twice { FIRST = 1, ALSO_FIRST = 1, SECOND = 2 };
enum mixed { no_prefix, Other, MIXED_3D };
enum { ANON_A = 5, ANON_B = -6 };
typedef enum { ONLY_TYPEDEF_X, ONLY_TYPEDEF_Y } only_typedef;

struct all {
	enum plain plain;
	enum with_sign with_sign;
	enum bits bits;
	enum wide wide;
	enum wide_signed wide_signed;
	enum tiny tiny;
	enum twice twice;
	enum mixed mixed;
	only_typedef only_typedef;
	enum { LOCAL_ONE = 1, LOCAL_TWO } local;
};

struct all in, out;
int anonymous = ANON_A;

SEC("tc")
int copy(struct __sk_buff *skb)
{
	out.plain = in.plain;
	out.with_sign = in.with_sign;
	out.bits = in.bits;
	out.wide = in.wide;
	out.wide_signed = in.wide_signed;
	out.tiny = in.tiny;
	out.twice = in.twice;
	out.mixed = in.mixed;
	out.only_typedef = in.only_typedef;
	out.local = in.local;
	anonymous += ANON_B;
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
