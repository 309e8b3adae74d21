/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

struct task_struct {
	int pid;
} __attribute__((preserve_access_index));
struct bpf_iter_bits {
	__u64 __opaque[2];
} __attribute__((aligned(8)));
struct bpf_iter_task {
	__u64 __opaque[3];
} __attribute__((aligned(8)));

extern int bpf_iter_bits_new(struct bpf_iter_bits *it, const __u64 *unsafe_ptr__ign, __u32 nr_words) __ksym;
extern int *bpf_iter_bits_next(struct bpf_iter_bits *it) __ksym;
extern void bpf_iter_bits_destroy(struct bpf_iter_bits *it) __ksym;
extern int bpf_iter_task_new(struct bpf_iter_task *it, struct task_struct *task, unsigned int flags) __ksym;
extern struct task_struct *bpf_iter_task_next(struct bpf_iter_task *it) __ksym;
extern void bpf_iter_task_destroy(struct bpf_iter_task *it) __ksym;
extern void bpf_rcu_read_lock(void) __ksym;
extern void bpf_rcu_read_unlock(void) __ksym;

static __always_inline void walk(__u32 at, const __u64 *words, __u32 count)
{
	struct bpf_iter_bits it;
	int *bit, sum = 0, n = 0;

	record(at, bpf_iter_bits_new(&it, words, count));
	while ((bit = bpf_iter_bits_next(&it))) {
		sum += *bit;
		n++;
	}
	bpf_iter_bits_destroy(&it);
	record(at + 1, sum);
	record(at + 2, n);
}

SEC("syscall")
int bits(void *ctx)
{
	__u64 words[2] = { 0x8000000000000011, 0x5 };

	walk(0, words, 2);
	walk(3, words, 1);
	walk(6, words, 0);
	walk(9, words, 512);
	walk(12, 0, 1);
	return 0;
}

SEC("syscall")
int tasks(void *ctx)
{
	struct bpf_iter_task it;
	struct task_struct *task;
	int own = (int)bpf_get_current_pid_tgid(), found = 0;

	bpf_rcu_read_lock();
	record(20, bpf_iter_task_new(&it, 0, 1));
	while ((task = bpf_iter_task_next(&it)))
		if (task->pid == own)
			found++;
	bpf_iter_task_destroy(&it);
	bpf_rcu_read_unlock();
	record(21, found);
	bpf_rcu_read_lock();
	record(22, bpf_iter_task_new(&it, 0, 7));
	record(23, bpf_iter_task_next(&it) != 0);
	bpf_iter_task_destroy(&it);
	bpf_rcu_read_unlock();
	return 0;
}
