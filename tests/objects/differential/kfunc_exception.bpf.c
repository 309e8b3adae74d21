/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* A program with an exception callback of its own: its result is the program's. */
#include "differential.h"

#define __exception_callback(NAME) __attribute__((btf_decl_tag("exception_callback:" #NAME)))

extern void bpf_throw(__u64 cookie) __ksym;

static __noinline int depth(int length)
{
	if (length > 50)
		bpf_throw(length);
	return length + 1;
}

__noinline int handle(__u64 cookie)
{
	record(0, cookie);
	return cookie + 100;
}

SEC("tc")
__exception_callback(handle)
int throws(struct __sk_buff *skb)
{
	record(1, 1);
	return depth(skb->len);
}
