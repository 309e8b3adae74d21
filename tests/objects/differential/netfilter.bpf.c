/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* At the hook of local output: a test run's packet begins with its IP header. */
#include "differential.h"

struct nf_hook_state {
	__u8 hook;
	__u8 pf;
} __attribute__((preserve_access_index));
struct sk_buff {
	unsigned int len;
} __attribute__((preserve_access_index));
struct bpf_nf_ctx {
	const struct nf_hook_state *state;
	struct sk_buff *skb;
};

extern int bpf_dynptr_from_skb(struct __sk_buff *skb, __u64 flags, struct bpf_dynptr *ptr) __ksym;
extern void *bpf_dynptr_slice(const struct bpf_dynptr *ptr, __u32 offset, void *buffer, __u32 size) __ksym;

SEC("netfilter")
int filter(struct bpf_nf_ctx *ctx)
{
	struct sk_buff *skb = ctx->skb;
	struct bpf_dynptr dynptr;
	__u8 buffer[20], *header;

	record(0, ctx->state->hook);
	record(1, ctx->state->pf);
	add(2, skb->len);
	record(3, bpf_dynptr_from_skb((struct __sk_buff *)skb, 0, &dynptr));
	header = bpf_dynptr_slice(&dynptr, 0, buffer, sizeof(buffer));
	if (!header)
		return 0;
	add(4, header[0] + header[13]);
	header = bpf_dynptr_slice(&dynptr, 1000, buffer, sizeof(buffer));
	record(5, header != 0);
	return skb->len > 60;
}
