/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

extern int bpf_dynptr_from_xdp(struct xdp_md *xdp, __u64 flags, struct bpf_dynptr *ptr) __ksym;
extern void *bpf_dynptr_slice_rdwr(const struct bpf_dynptr *p, __u32 offset, void *buffer, __u32 size) __ksym;
extern __u32 bpf_dynptr_size(const struct bpf_dynptr *p) __ksym;

SEC("xdp")
int packet(struct xdp_md *ctx)
{
	struct bpf_dynptr dynptr;
	__u8 buffer[8] = {}, *slice;
	__u32 word = 0x01020304;

	record(0, bpf_dynptr_from_xdp(ctx, 1, &dynptr));
	record(1, bpf_dynptr_size(&dynptr));
	record(2, bpf_dynptr_from_xdp(ctx, 0, &dynptr));
	record(3, bpf_dynptr_size(&dynptr));
	slice = bpf_dynptr_slice_rdwr(&dynptr, 6, buffer, 6);
	if (slice)
		slice[0] ^= 0xff;
	record(4, bpf_dynptr_write(&dynptr, 0, &word, 4, 0));
	record(5, bpf_dynptr_write(&dynptr, 0, &word, 4, 1));
	record(6, bpf_dynptr_write(&dynptr, 100000, &word, 4, 0));
	return XDP_PASS;
}
