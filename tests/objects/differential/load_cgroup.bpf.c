/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

struct {
	__uint(type, BPF_MAP_TYPE_CGROUP_STORAGE);
	__type(key, struct bpf_cgroup_storage_key);
	__type(value, __u64);
} kept SEC(".maps");

SEC("cgroup/connect4")
int connect(struct bpf_sock_addr *ctx)
{
	struct {
		__u16 family;
		__u16 port;
		__u32 address;
		__u64 rest;
	} address = { 2, 0, 0, 0 };

	record(0, bpf_bind(ctx, (void *)&address, sizeof(address)));
	record(1, bpf_get_retval());
	if (ctx->user_ip4 == 0x0100007f)
		bpf_set_retval(-1);
	ctx->user_port = bpf_htons(80);
	return 1;
}

SEC("cgroup/sysctl")
int sysctl(struct bpf_sysctl *ctx)
{
	char text[64] = {};

	record(10, bpf_sysctl_get_name(ctx, text, sizeof(text), 0));
	record(11, bpf_sysctl_get_current_value(ctx, text, sizeof(text)));
	record(12, bpf_sysctl_get_new_value(ctx, text, sizeof(text)));
	if (ctx->write)
		record(13, bpf_sysctl_set_new_value(ctx, text, 4));
	return 1;
}

SEC("cgroup/dev")
int device(struct bpf_cgroup_dev_ctx *ctx)
{
	__u64 *value = bpf_get_local_storage(&kept, 0);

	__sync_fetch_and_add(value, 1);
	return ctx->major == 1;
}

SEC("cgroup/getsockopt")
int option(struct bpf_sockopt *ctx)
{
	ctx->retval = 0;
	return 1;
}
