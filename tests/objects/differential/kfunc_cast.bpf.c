/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

struct sk_buff {
	unsigned int len;
} __attribute__((preserve_access_index));

extern void *bpf_cast_to_kern_ctx(void *ctx) __ksym;

SEC("tc")
int cast(struct __sk_buff *skb)
{
	struct sk_buff *kernel = bpf_cast_to_kern_ctx(skb);

	record(0, kernel->len == skb->len);
	return 0;
}
