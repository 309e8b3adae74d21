/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"
#include "graph.h"

/* Clang 14 writes the tag into BTF for typedefs only. */
#define __owned __attribute__((btf_type_tag("kptr")))
#define __owned_percpu __attribute__((btf_type_tag("percpu_kptr")))

extern void *bpf_percpu_obj_new_impl(__u64 type, void *meta) __ksym;
extern void bpf_percpu_obj_drop_impl(void *object, void *meta) __ksym;
extern void bpf_rcu_read_lock(void) __ksym;
extern void bpf_rcu_read_unlock(void) __ksym;
#define NEW_PERCPU(TYPE) ((TYPE *)bpf_percpu_obj_new_impl(__builtin_btf_type_id(*(TYPE *)0, 0), (void *)0))

struct task_struct {
	int pid;
} __attribute__((preserve_access_index));
typedef struct task_struct task_t;
extern struct task_struct *bpf_task_acquire(struct task_struct *task) __ksym;
extern void bpf_task_release(struct task_struct *task) __ksym;

struct item {
	__u64 number;
	__u64 other;
};
typedef struct item item_t;
struct counter {
	__u64 count;
};
typedef struct counter counter_t;

struct value {
	__u64 before;
	item_t __owned *item;
	__u32 between;
	__u32 next;
	counter_t __owned_percpu *counter;
	__u64 after;
};
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct value);
} values SEC(".maps");

struct task_value {
	task_t __owned *task;
	__u64 count;
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct task_value);
} tasks SEC(".maps");

SEC("tc")
int exchange(struct __sk_buff *skb)
{
	__u32 key = 0;
	struct value *value = bpf_map_lookup_elem(&values, &key);
	struct item *item, *old;

	if (!value)
		return 1;
	value->before++;
	value->between += 2;
	value->after += 3;
	__sync_fetch_and_add(&value->after, 4);
	item = NEW(struct item);
	if (!item)
		return 2;
	item->number = skb->len;
	item->other = 5;
	old = bpf_kptr_xchg(&value->item, item);
	add(1, old ? 1 : 100);
	if (old) {
		add(2, old->number * old->other);
		DROP(old);
	}
	item = value->item;
	record(3, item != 0);
	value->next = skb->len;

	/* The rest of the value is written around what it owns. */
	struct value fresh = { .before = 50 };

	if (skb->len > 60)
		record(4, bpf_map_update_elem(&values, &key, &fresh, BPF_ANY));
	return 0;
}

SEC("tc")
int count(struct __sk_buff *skb)
{
	__u32 key = 1;
	struct value *value = bpf_map_lookup_elem(&values, &key);
	struct counter *counter, *mine;

	if (!value)
		return 1;
	bpf_rcu_read_lock();
	counter = value->counter;
	bpf_rcu_read_unlock();
	if (!counter) {
		counter = NEW_PERCPU(struct counter);
		if (!counter)
			return 2;
		counter = bpf_kptr_xchg(&value->counter, counter);
		if (counter)
			bpf_percpu_obj_drop_impl(counter, 0);
	}
	bpf_rcu_read_lock();
	counter = value->counter;
	if (counter) {
		mine = bpf_this_cpu_ptr(counter);
		mine->count += skb->len;
		record(10, mine->count);
		mine = bpf_per_cpu_ptr(counter, bpf_get_smp_processor_id());
		if (mine)
			record(11, mine->count);
		record(12, bpf_per_cpu_ptr(counter, 0x7fffffff) == 0);
	}
	bpf_rcu_read_unlock();
	return 0;
}

SEC("syscall")
int keep_task(void *context)
{
	__u32 key = 1;
	struct task_value empty = {};
	struct task_value *value;
	struct task_struct *task, *old;

	bpf_map_update_elem(&tasks, &key, &empty, BPF_ANY);
	value = bpf_map_lookup_elem(&tasks, &key);
	if (!value)
		return 1;
	task = bpf_task_acquire(bpf_get_current_task_btf());
	if (!task)
		return 2;
	old = bpf_kptr_xchg(&value->task, task);
	if (old)
		bpf_task_release(old);
	value->count++;
	bpf_rcu_read_lock();
	task = value->task;
	if (task)
		record(20, task->pid == (__u32)bpf_get_current_pid_tgid());
	bpf_rcu_read_unlock();
	old = bpf_kptr_xchg(&value->task, 0);
	record(21, old != 0);
	if (old) {
		record(22, old->pid == (__u32)bpf_get_current_pid_tgid());
		bpf_task_release(old);
	}
	record(23, value->count);
	return 0;
}
