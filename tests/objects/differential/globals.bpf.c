/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

int initialised = 5;
int zero;
const volatile int constant = 9;
static __u64 table[4] = { 1, 2, 3, 4 };

SEC("tc")
int data(struct __sk_buff *skb)
{
	initialised += constant;
	zero++;
	table[skb->len & 3] += 10;
	record(0, table[0] + table[1] + table[2] + table[3]);
	return initialised;
}
