/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* The host's number of CPUs is not the emulator's: only what does not depend on it is recorded. */
#include "differential.h"

struct cpumask {
	unsigned long bits[1];
} __attribute__((preserve_access_index));
struct bpf_cpumask {
	unsigned long bits[1];
} __attribute__((preserve_access_index));

extern struct bpf_cpumask *bpf_cpumask_create(void) __ksym;
extern struct bpf_cpumask *bpf_cpumask_acquire(struct bpf_cpumask *cpumask) __ksym;
extern void bpf_cpumask_release(struct bpf_cpumask *cpumask) __ksym;
extern __u32 bpf_cpumask_first(const struct cpumask *cpumask) __ksym;
extern __u32 bpf_cpumask_first_zero(const struct cpumask *cpumask) __ksym;
extern __u32 bpf_cpumask_first_and(const struct cpumask *a, const struct cpumask *b) __ksym;
extern void bpf_cpumask_set_cpu(__u32 cpu, struct bpf_cpumask *cpumask) __ksym;
extern void bpf_cpumask_clear_cpu(__u32 cpu, struct bpf_cpumask *cpumask) __ksym;
extern int bpf_cpumask_test_cpu(__u32 cpu, const struct cpumask *cpumask) __ksym;
extern int bpf_cpumask_test_and_set_cpu(__u32 cpu, struct bpf_cpumask *cpumask) __ksym;
extern int bpf_cpumask_test_and_clear_cpu(__u32 cpu, struct bpf_cpumask *cpumask) __ksym;
extern void bpf_cpumask_setall(struct bpf_cpumask *cpumask) __ksym;
extern void bpf_cpumask_clear(struct bpf_cpumask *cpumask) __ksym;
extern int bpf_cpumask_and(struct bpf_cpumask *dst, const struct cpumask *a, const struct cpumask *b) __ksym;
extern void bpf_cpumask_or(struct bpf_cpumask *dst, const struct cpumask *a, const struct cpumask *b) __ksym;
extern void bpf_cpumask_xor(struct bpf_cpumask *dst, const struct cpumask *a, const struct cpumask *b) __ksym;
extern int bpf_cpumask_equal(const struct cpumask *a, const struct cpumask *b) __ksym;
extern int bpf_cpumask_intersects(const struct cpumask *a, const struct cpumask *b) __ksym;
extern int bpf_cpumask_subset(const struct cpumask *a, const struct cpumask *b) __ksym;
extern int bpf_cpumask_empty(const struct cpumask *cpumask) __ksym;
extern int bpf_cpumask_full(const struct cpumask *cpumask) __ksym;
extern void bpf_cpumask_copy(struct bpf_cpumask *dst, const struct cpumask *src) __ksym;
extern __u32 bpf_cpumask_weight(const struct cpumask *cpumask) __ksym;
extern __u32 bpf_cpumask_any_distribute(const struct cpumask *cpumask) __ksym;
extern __u32 bpf_cpumask_any_and_distribute(const struct cpumask *a, const struct cpumask *b) __ksym;

/* Linux leaves rubbish above the byte of a bool. */
#define BIT(RESULT) ((RESULT) & 1)
#define C(MASK) ((const struct cpumask *)(MASK))

SEC("syscall")
int masks(void *ctx)
{
	struct bpf_cpumask *a, *b, *same;

	a = bpf_cpumask_create();
	if (!a)
		return 1;
	b = bpf_cpumask_create();
	if (!b) {
		bpf_cpumask_release(a);
		return 2;
	}
	record(0, BIT(bpf_cpumask_empty(C(a))));
	bpf_cpumask_set_cpu(0, a);
	record(1, BIT(bpf_cpumask_test_cpu(0, C(a))));
	record(2, BIT(bpf_cpumask_test_cpu(1, C(a))));
	record(3, bpf_cpumask_first(C(a)));
	record(4, bpf_cpumask_first_zero(C(a)));
	record(5, BIT(bpf_cpumask_test_and_set_cpu(1, b)));
	record(6, BIT(bpf_cpumask_test_and_set_cpu(1, b)));
	record(7, bpf_cpumask_weight(C(b)));
	record(8, BIT(bpf_cpumask_intersects(C(a), C(b))));
	bpf_cpumask_or(a, C(a), C(b));
	record(9, bpf_cpumask_weight(C(a)));
	record(10, BIT(bpf_cpumask_subset(C(b), C(a))));
	record(11, BIT(bpf_cpumask_subset(C(a), C(b))));
	record(12, bpf_cpumask_first_and(C(a), C(b)));
	record(13, bpf_cpumask_any_and_distribute(C(a), C(b)));
	bpf_cpumask_xor(a, C(a), C(b));
	record(14, bpf_cpumask_any_distribute(C(a)));
	record(15, BIT(bpf_cpumask_and(a, C(a), C(b))));
	record(16, BIT(bpf_cpumask_equal(C(a), C(b))));
	bpf_cpumask_copy(a, C(b));
	record(17, BIT(bpf_cpumask_equal(C(a), C(b))));
	record(18, BIT(bpf_cpumask_test_and_clear_cpu(1, b)));
	record(19, BIT(bpf_cpumask_test_and_clear_cpu(1, b)));
	bpf_cpumask_setall(a);
	record(20, BIT(bpf_cpumask_full(C(a))));
	bpf_cpumask_clear_cpu(0, a);
	record(21, BIT(bpf_cpumask_full(C(a))));
	bpf_cpumask_clear(a);
	record(22, BIT(bpf_cpumask_empty(C(a))));
	same = bpf_cpumask_acquire(a);
	bpf_cpumask_release(same);
	bpf_cpumask_release(b);
	bpf_cpumask_release(a);
	return 0;
}
