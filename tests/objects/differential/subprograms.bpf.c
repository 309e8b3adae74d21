/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

static __attribute__((noinline)) int fib(int n)
{
	int a = 0, b = 1;

	for (int i = 0; i < n && i < 40; i++) {
		int next = a + b;

		a = b;
		b = next;
	}
	return a;
}

__attribute__((noinline)) int global(struct __sk_buff *skb, int n)
{
	return fib(n) + skb->len;
}

SEC("tc")
int calls(struct __sk_buff *skb)
{
	record(0, fib(10));
	record(1, global(skb, 20));
	return global(skb, 5);
}
