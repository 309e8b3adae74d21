/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

struct bpf_res_spin_lock {
	__u32 val;
};

extern int bpf_res_spin_lock(struct bpf_res_spin_lock *lock) __ksym;
extern void bpf_res_spin_unlock(struct bpf_res_spin_lock *lock) __ksym;
extern int bpf_res_spin_lock_irqsave(struct bpf_res_spin_lock *lock, unsigned long *flags) __ksym;
extern void bpf_res_spin_unlock_irqrestore(struct bpf_res_spin_lock *lock, unsigned long *flags) __ksym;

struct value {
	__u64 count;
	struct bpf_res_spin_lock lock;
};
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct value);
} values SEC(".maps");

SEC("tc")
int nested(struct __sk_buff *skb)
{
	__u32 first = 0, second = 1;
	unsigned long flags;
	struct value *a = bpf_map_lookup_elem(&values, &first);
	struct value *b = bpf_map_lookup_elem(&values, &second);
	int error;

	if (!a || !b)
		return 1;
	error = bpf_res_spin_lock(&a->lock);
	if (error) {
		record(0, error);
		return 2;
	}
	a->count++;
	error = bpf_res_spin_lock(&b->lock);
	if (!error) {
		b->count += a->count;
		bpf_res_spin_unlock(&b->lock);
	}
	bpf_res_spin_unlock(&a->lock);
	record(1, error);
	error = bpf_res_spin_lock_irqsave(&b->lock, &flags);
	if (!error) {
		b->count += 10;
		bpf_res_spin_unlock_irqrestore(&b->lock, &flags);
	}
	record(2, error);
	return 0;
}

/* Two values of one map may be one value: the second lock says so. */
SEC("tc")
int same(struct __sk_buff *skb)
{
	__u32 first = 0, second = skb->len & 1;
	struct value *a = bpf_map_lookup_elem(&values, &first);
	struct value *b = bpf_map_lookup_elem(&values, &second);
	int error;

	if (!a || !b || bpf_res_spin_lock(&a->lock))
		return 1;
	error = bpf_res_spin_lock(&b->lock);
	if (!error)
		bpf_res_spin_unlock(&b->lock);
	bpf_res_spin_unlock(&a->lock);
	record(10, error);
	return 0;
}
