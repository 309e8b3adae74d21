/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

extern int bpf_dynptr_from_skb(struct __sk_buff *skb, __u64 flags, struct bpf_dynptr *ptr) __ksym;
extern void *bpf_dynptr_slice(const struct bpf_dynptr *p, __u32 offset, void *buffer, __u32 size) __ksym;
extern void *bpf_dynptr_slice_rdwr(const struct bpf_dynptr *p, __u32 offset, void *buffer, __u32 size) __ksym;
extern int bpf_dynptr_adjust(const struct bpf_dynptr *p, __u32 start, __u32 end) __ksym;
extern _Bool bpf_dynptr_is_null(const struct bpf_dynptr *p) __ksym;
extern _Bool bpf_dynptr_is_rdonly(const struct bpf_dynptr *p) __ksym;
extern __u32 bpf_dynptr_size(const struct bpf_dynptr *p) __ksym;
extern int bpf_dynptr_clone(const struct bpf_dynptr *p, struct bpf_dynptr *clone) __ksym;

SEC("tc")
int packet(struct __sk_buff *skb)
{
	struct bpf_dynptr dynptr, copy;
	__u8 buffer[8] = {}, *slice;
	__u32 word = 0x01020304;

	record(0, bpf_dynptr_from_skb(skb, 0, &dynptr));
	record(1, bpf_dynptr_size(&dynptr));
	record(2, bpf_dynptr_is_null(&dynptr) * 2 + bpf_dynptr_is_rdonly(&dynptr));
	slice = bpf_dynptr_slice(&dynptr, 12, buffer, 2);
	record(3, slice ? slice[0] * 256 + slice[1] : -1);
	record(4, bpf_dynptr_clone(&dynptr, &copy));
	record(5, bpf_dynptr_adjust(&dynptr, 4, 10));
	record(6, bpf_dynptr_size(&dynptr));
	record(7, bpf_dynptr_size(&copy));
	record(8, bpf_dynptr_adjust(&dynptr, 4, 3));
	record(9, bpf_dynptr_adjust(&dynptr, 4, 30));
	slice = bpf_dynptr_slice(&dynptr, 0, buffer, 4);
	record(10, slice ? slice[0] * 256 + slice[3] : -1);
	slice = bpf_dynptr_slice(&dynptr, 4, buffer, 4);
	record(11, slice != 0);
	record(12, bpf_dynptr_write(&dynptr, 0, &word, 4, 0));
	record(13, bpf_dynptr_write(&dynptr, 4, &word, 4, 0));
	slice = bpf_dynptr_slice_rdwr(&copy, 0, buffer, 4);
	if (slice)
		slice[0] = 0x42;
	record(14, bpf_dynptr_read(&word, 4, &copy, 0, 0));
	record(15, word);
	return 0;
}
