/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

struct {
	__uint(type, BPF_MAP_TYPE_SOCKHASH);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u32);
} sockets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u32);
} list SEC(".maps");

SEC("sockops")
int operations(struct bpf_sock_ops *ctx)
{
	__u32 key = 1;
	int value = 1;

	if (ctx->op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB) {
		bpf_sock_ops_cb_flags_set(ctx, BPF_SOCK_OPS_RTT_CB_FLAG);
		bpf_sock_map_update(ctx, &list, &key, BPF_ANY);
		bpf_sock_hash_update(ctx, &sockets, &key, BPF_ANY);
		bpf_setsockopt(ctx, 6, 1, &value, sizeof(value));
		bpf_getsockopt(ctx, 6, 1, &value, sizeof(value));
	}
	record(0, ctx->family);
	ctx->reply = -1;
	return 1;
}

SEC("sockops")
int header_options(struct bpf_sock_ops *ctx)
{
	__u8 option[4] = { 254, 4, 0xeb, 0x9f };

	switch (ctx->op) {
	case BPF_SOCK_OPS_HDR_OPT_LEN_CB:
		record(1, bpf_reserve_hdr_opt(ctx, sizeof(option), 0));
		break;
	case BPF_SOCK_OPS_WRITE_HDR_OPT_CB:
		record(2, bpf_store_hdr_opt(ctx, option, sizeof(option), 0));
		break;
	case BPF_SOCK_OPS_PARSE_HDR_OPT_CB:
		record(3, bpf_load_hdr_opt(ctx, option, sizeof(option), 0));
		break;
	}
	return 1;
}

SEC("sk_msg")
int message(struct sk_msg_md *ctx)
{
	__u32 key = 1;

	bpf_msg_apply_bytes(ctx, 10);
	bpf_msg_cork_bytes(ctx, 10);
	bpf_msg_pull_data(ctx, 0, 4, 0);
	bpf_msg_push_data(ctx, 0, 4, 0);
	bpf_msg_pop_data(ctx, 0, 4, 0);
	if (ctx->size > 5)
		return bpf_msg_redirect_map(ctx, &list, 0, 0);
	return bpf_msg_redirect_hash(ctx, &sockets, &key, 0);
}

SEC("sk_skb/stream_verdict")
int verdict(struct __sk_buff *skb)
{
	__u32 key = 1;

	if (skb->len > 5)
		return bpf_sk_redirect_map(skb, &list, 0, 0);
	return bpf_sk_redirect_hash(skb, &sockets, &key, 0);
}
