/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

struct bpf_iter_num;
extern int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) __ksym;
extern int *bpf_iter_num_next(struct bpf_iter_num *it) __ksym;
extern void bpf_iter_num_destroy(struct bpf_iter_num *it) __ksym;

struct bpf_iter_num {
	__u64 opaque[1];
} __attribute__((aligned(8)));

SEC("tc")
int numbers(struct __sk_buff *skb)
{
	struct bpf_iter_num it;
	int *v, sum = 0;

	record(0, bpf_iter_num_new(&it, 2, 7));
	while ((v = bpf_iter_num_next(&it)))
		sum += *v;
	bpf_iter_num_destroy(&it);
	record(1, sum);
	record(2, bpf_iter_num_new(&it, 7, 2));
	record(3, bpf_iter_num_next(&it) != 0);
	bpf_iter_num_destroy(&it);
	record(4, bpf_iter_num_new(&it, 0, 9000000));
	record(5, bpf_iter_num_next(&it) != 0);
	bpf_iter_num_destroy(&it);
	return sum;
}
