/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"


extern int bpf_dynptr_from_xdp(struct xdp_md *x, __u64 flags, struct bpf_dynptr *ptr__uninit) __ksym;
extern int bpf_dynptr_copy(struct bpf_dynptr *dst, __u32 dst_off, struct bpf_dynptr *src, __u32 src_off, __u32 size) __ksym __weak;
extern int bpf_dynptr_memset(struct bpf_dynptr *p, __u32 offset, __u32 size, __u8 value) __ksym __weak;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64[4]);
} memory SEC(".maps");

SEC("xdp")
int copies(struct xdp_md *ctx)
{
	struct bpf_dynptr packet, local;
	__u32 zero = 0;
	__u64 *value = bpf_map_lookup_elem(&memory, &zero);

	if (!value)
		return XDP_ABORTED;
	bpf_dynptr_from_xdp(ctx, 0, &packet);
	bpf_dynptr_from_mem(value, 32, 0, &local);
	record(0, bpf_dynptr_copy(&local, 4, &packet, 0, 14));
	record(1, bpf_dynptr_copy(&packet, 20, &local, 0, 8));
	record(2, bpf_dynptr_copy(&local, 30, &packet, 0, 8));
	record(3, bpf_dynptr_copy(&local, 0, &packet, 4000, 8));
	record(4, bpf_dynptr_memset(&packet, 30, 4, 0xab));
	record(5, bpf_dynptr_memset(&local, 24, 8, 0xcd));
	record(6, bpf_dynptr_memset(&local, 24, 9, 0xcd));
	record(7, bpf_dynptr_memset(&local, 0, 0, 0xcd));
	return XDP_PASS;
}
