/* SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause */
/* Kernel functions that programs may call, with the prototypes of Linux 6.18. A new one is a line here. */
#pragma once

#include "tracepoints.h"

struct bpf_cpumask {
	unsigned long bits[4];
	refcount_t usage;
};

struct cpumask {
	unsigned long bits[4];
};

struct bpf_iter_bits {
	__u64 __opaque[2];
};

struct bpf_iter_task {
	__u64 __opaque[3];
};

struct bpf_iter_css {
	__u64 __opaque[3];
};

struct bpf_iter_css_task {
	__u64 __opaque[1];
};

struct bpf_iter_task_vma {
	__u64 __opaque[1];
};

/* As the kernel has it: a declaration tag on the function. */
#define KFUNC(result, name, ...) __attribute__((btf_decl_tag("bpf_kfunc"), noinline)) result name(__VA_ARGS__) { return (result)0; }
#define KFUNC_VOID(name, ...) __attribute__((btf_decl_tag("bpf_kfunc"), noinline)) void name(__VA_ARGS__) { }

/* Maps */
KFUNC(s64, bpf_map_sum_elem_count, const struct bpf_map *map)

/* Open-coded iterators */
KFUNC(int, bpf_iter_num_new, struct bpf_iter_num *it, int start, int end)
KFUNC(int *, bpf_iter_num_next, struct bpf_iter_num *it)
KFUNC_VOID(bpf_iter_num_destroy, struct bpf_iter_num *it)
KFUNC(int, bpf_iter_bits_new, struct bpf_iter_bits *it, const u64 *unsafe_ptr__ign, u32 nr_words)
KFUNC(int *, bpf_iter_bits_next, struct bpf_iter_bits *it)
KFUNC_VOID(bpf_iter_bits_destroy, struct bpf_iter_bits *it)
KFUNC(int, bpf_iter_task_new, struct bpf_iter_task *it, struct task_struct *task__nullable, unsigned int flags)
KFUNC(struct task_struct *, bpf_iter_task_next, struct bpf_iter_task *it)
KFUNC_VOID(bpf_iter_task_destroy, struct bpf_iter_task *it)
KFUNC(int, bpf_iter_css_new, struct bpf_iter_css *it, struct cgroup_subsys_state *start, unsigned int flags)
KFUNC(struct cgroup_subsys_state *, bpf_iter_css_next, struct bpf_iter_css *it)
KFUNC_VOID(bpf_iter_css_destroy, struct bpf_iter_css *it)
KFUNC(int, bpf_iter_css_task_new, struct bpf_iter_css_task *it, struct cgroup_subsys_state *css, unsigned int flags)
KFUNC(struct task_struct *, bpf_iter_css_task_next, struct bpf_iter_css_task *it)
KFUNC_VOID(bpf_iter_css_task_destroy, struct bpf_iter_css_task *it)
KFUNC(int, bpf_iter_task_vma_new, struct bpf_iter_task_vma *it, struct task_struct *task, u64 addr)
KFUNC(struct vm_area_struct *, bpf_iter_task_vma_next, struct bpf_iter_task_vma *it)
KFUNC_VOID(bpf_iter_task_vma_destroy, struct bpf_iter_task_vma *it)

/* Dynptrs */
KFUNC(int, bpf_dynptr_from_skb, struct __sk_buff *s, u64 flags, struct bpf_dynptr *ptr__uninit)
KFUNC(int, bpf_dynptr_from_xdp, struct xdp_md *x, u64 flags, struct bpf_dynptr *ptr__uninit)
KFUNC(void *, bpf_dynptr_slice, const struct bpf_dynptr *p, u32 offset, void *buffer__opt, u32 buffer__szk)
KFUNC(void *, bpf_dynptr_slice_rdwr, const struct bpf_dynptr *p, u32 offset, void *buffer__opt, u32 buffer__szk)
KFUNC(int, bpf_dynptr_adjust, const struct bpf_dynptr *p, u32 start, u32 end)
KFUNC(bool, bpf_dynptr_is_null, const struct bpf_dynptr *p)
KFUNC(bool, bpf_dynptr_is_rdonly, const struct bpf_dynptr *p)
KFUNC(__u32, bpf_dynptr_size, const struct bpf_dynptr *p)
KFUNC(int, bpf_dynptr_clone, const struct bpf_dynptr *p, struct bpf_dynptr *clone__uninit)
KFUNC(int, bpf_dynptr_copy, struct bpf_dynptr *dst_ptr, u32 dst_off, struct bpf_dynptr *src_ptr, u32 src_off, u32 size)
KFUNC(int, bpf_dynptr_memset, struct bpf_dynptr *p, u32 offset, u32 size, u8 val)

/* Objects that programs allocate */
KFUNC(void *, bpf_obj_new_impl, u64 local_type_id__k, void *meta__ign)
KFUNC_VOID(bpf_obj_drop_impl, void *p__alloc, void *meta__ign)
KFUNC(void *, bpf_percpu_obj_new_impl, u64 local_type_id__k, void *meta__ign)
KFUNC_VOID(bpf_percpu_obj_drop_impl, void *p__alloc, void *meta__ign)
KFUNC(void *, bpf_refcount_acquire_impl, void *p__refcounted_kptr, void *meta__ign)
KFUNC(int, bpf_list_push_front_impl, struct bpf_list_head *head, struct bpf_list_node *node, void *meta__ign, u64 off)
KFUNC(int, bpf_list_push_back_impl, struct bpf_list_head *head, struct bpf_list_node *node, void *meta__ign, u64 off)
KFUNC(struct bpf_list_node *, bpf_list_pop_front, struct bpf_list_head *head)
KFUNC(struct bpf_list_node *, bpf_list_pop_back, struct bpf_list_head *head)
KFUNC(struct bpf_list_node *, bpf_list_front, struct bpf_list_head *head)
KFUNC(struct bpf_list_node *, bpf_list_back, struct bpf_list_head *head)
KFUNC(struct bpf_rb_node *, bpf_rbtree_remove, struct bpf_rb_root *root, struct bpf_rb_node *node)
KFUNC(int, bpf_rbtree_add_impl, struct bpf_rb_root *root, struct bpf_rb_node *node, bool (*less)(struct bpf_rb_node *a, const struct bpf_rb_node *b), void *meta__ign, u64 off)
KFUNC(struct bpf_rb_node *, bpf_rbtree_first, struct bpf_rb_root *root)
KFUNC(struct bpf_rb_node *, bpf_rbtree_root, struct bpf_rb_root *root)
KFUNC(struct bpf_rb_node *, bpf_rbtree_left, struct bpf_rb_root *root, struct bpf_rb_node *node)
KFUNC(struct bpf_rb_node *, bpf_rbtree_right, struct bpf_rb_root *root, struct bpf_rb_node *node)

/* Tasks, cgroups, files */
KFUNC(struct task_struct *, bpf_task_acquire, struct task_struct *p)
KFUNC_VOID(bpf_task_release, struct task_struct *p)
KFUNC(struct task_struct *, bpf_task_from_pid, s32 pid)
KFUNC(struct task_struct *, bpf_task_from_vpid, s32 vpid)
KFUNC(long, bpf_task_under_cgroup, struct task_struct *task, struct cgroup *ancestor)
KFUNC(struct cgroup *, bpf_cgroup_acquire, struct cgroup *cgrp)
KFUNC_VOID(bpf_cgroup_release, struct cgroup *cgrp)
KFUNC(struct cgroup *, bpf_cgroup_ancestor, struct cgroup *cgrp, int level)
KFUNC(struct cgroup *, bpf_cgroup_from_id, u64 cgid)
KFUNC(struct file *, bpf_get_task_exe_file, struct task_struct *task)
KFUNC_VOID(bpf_put_file, struct file *file)
KFUNC(int, bpf_path_d_path, const struct path *path, char *buf, size_t buf__sz)

/* CPU masks */
KFUNC(struct bpf_cpumask *, bpf_cpumask_create, void)
KFUNC(struct bpf_cpumask *, bpf_cpumask_acquire, struct bpf_cpumask *cpumask)
KFUNC_VOID(bpf_cpumask_release, struct bpf_cpumask *cpumask)
KFUNC_VOID(bpf_cpumask_set_cpu, u32 cpu, struct bpf_cpumask *cpumask)
KFUNC_VOID(bpf_cpumask_clear_cpu, u32 cpu, struct bpf_cpumask *cpumask)
KFUNC(bool, bpf_cpumask_test_cpu, u32 cpu, const struct cpumask *cpumask)
KFUNC(u32, bpf_cpumask_first, const struct cpumask *cpumask)
KFUNC(u32, bpf_cpumask_weight, const struct cpumask *cpumask)
KFUNC(u32, bpf_cpumask_first_zero, const struct cpumask *cpumask)
KFUNC(u32, bpf_cpumask_first_and, const struct cpumask *src1, const struct cpumask *src2)
KFUNC(bool, bpf_cpumask_test_and_set_cpu, u32 cpu, struct bpf_cpumask *cpumask)
KFUNC(bool, bpf_cpumask_test_and_clear_cpu, u32 cpu, struct bpf_cpumask *cpumask)
KFUNC_VOID(bpf_cpumask_setall, struct bpf_cpumask *cpumask)
KFUNC_VOID(bpf_cpumask_clear, struct bpf_cpumask *cpumask)
KFUNC(bool, bpf_cpumask_and, struct bpf_cpumask *dst, const struct cpumask *src1, const struct cpumask *src2)
KFUNC_VOID(bpf_cpumask_or, struct bpf_cpumask *dst, const struct cpumask *src1, const struct cpumask *src2)
KFUNC_VOID(bpf_cpumask_xor, struct bpf_cpumask *dst, const struct cpumask *src1, const struct cpumask *src2)
KFUNC(bool, bpf_cpumask_equal, const struct cpumask *src1, const struct cpumask *src2)
KFUNC(bool, bpf_cpumask_intersects, const struct cpumask *src1, const struct cpumask *src2)
KFUNC(bool, bpf_cpumask_subset, const struct cpumask *src1, const struct cpumask *src2)
KFUNC(bool, bpf_cpumask_empty, const struct cpumask *cpumask)
KFUNC(bool, bpf_cpumask_full, const struct cpumask *cpumask)
KFUNC_VOID(bpf_cpumask_copy, struct bpf_cpumask *dst, const struct cpumask *src)
KFUNC(u32, bpf_cpumask_any_distribute, const struct cpumask *cpumask)
KFUNC(u32, bpf_cpumask_any_and_distribute, const struct cpumask *src1, const struct cpumask *src2)

/* Sections, locks, exceptions, deferred work */
KFUNC_VOID(bpf_rcu_read_lock, void)
KFUNC_VOID(bpf_rcu_read_unlock, void)
KFUNC_VOID(bpf_preempt_disable, void)
KFUNC_VOID(bpf_preempt_enable, void)
KFUNC_VOID(bpf_local_irq_save, unsigned long *flags__irq_flag)
KFUNC_VOID(bpf_local_irq_restore, unsigned long *flags__irq_flag)
KFUNC(int, bpf_res_spin_lock, struct bpf_res_spin_lock *lock)
KFUNC_VOID(bpf_res_spin_unlock, struct bpf_res_spin_lock *lock)
KFUNC(int, bpf_res_spin_lock_irqsave, struct bpf_res_spin_lock *lock, unsigned long *flags__irq_flag)
KFUNC_VOID(bpf_res_spin_unlock_irqrestore, struct bpf_res_spin_lock *lock, unsigned long *flags__irq_flag)
KFUNC_VOID(bpf_throw, u64 cookie)
KFUNC(int, bpf_wq_init, struct bpf_wq *wq, void *p__map, unsigned int flags)
KFUNC(int, bpf_wq_start, struct bpf_wq *wq, unsigned int flags)
KFUNC(int, bpf_wq_set_callback_impl, struct bpf_wq *wq, int (*callback_fn)(void *map, int *key, void *value), unsigned int flags, void *aux__prog)

/* Casts */
KFUNC(void *, bpf_cast_to_kern_ctx, void *obj)
KFUNC(void *, bpf_rdonly_cast, const void *obj__ign, u32 btf_id__k)

/* Arenas */
KFUNC(void *, bpf_arena_alloc_pages, void *p__map, void *addr__ign, u32 page_cnt, int node_id, u64 flags)
KFUNC_VOID(bpf_arena_free_pages, void *p__map, void *ptr__ign, u32 page_cnt)

/* Strings */
KFUNC(int, bpf_strcmp, const char *s1__ign, const char *s2__ign)
KFUNC(int, bpf_strlen, const char *s__ign)
KFUNC(int, bpf_strcasecmp, const char *s1__ign, const char *s2__ign)
KFUNC(int, bpf_strchrnul, const char *s__ign, char c)
KFUNC(int, bpf_strnchr, const char *s__ign, size_t count, char c)
KFUNC(int, bpf_strnlen, const char *s__ign, size_t count)
KFUNC(int, bpf_strchr, const char *s__ign, char c)
KFUNC(int, bpf_strrchr, const char *s__ign, int c)
KFUNC(int, bpf_strstr, const char *s1__ign, const char *s2__ign)
KFUNC(int, bpf_strnstr, const char *s1__ign, const char *s2__ign, size_t len)
KFUNC(int, bpf_strspn, const char *s__ign, const char *accept__ign)
KFUNC(int, bpf_strcspn, const char *s__ign, const char *reject__ign)
KFUNC(int, bpf_copy_from_user_str, void *dst, u32 dst__sz, const void *unsafe_ptr__ign, u64 flags)
KFUNC(int, bpf_stream_vprintk_impl, int stream_id, const char *fmt__str, const void *args, u32 len__sz, void *aux__prog)

/* Network */
KFUNC(int, bpf_xdp_metadata_rx_timestamp, const struct xdp_md *ctx, u64 *timestamp)
KFUNC(int, bpf_sock_destroy, struct sock_common *sock)
KFUNC(int, bpf_sock_addr_set_sun_path, struct bpf_sock_addr *sa_kern, const u8 *sun_path, u32 sun_path__sz)
KFUNC(int, bpf_session_is_return, void)
KFUNC(__u64 *, bpf_session_cookie, void)
KFUNC(u32, tcp_slow_start, struct tcp_sock *tp, u32 acked)
KFUNC_VOID(tcp_cong_avoid_ai, struct tcp_sock *tp, u32 w, u32 acked)
KFUNC(u32, tcp_reno_ssthresh, struct sock *sk)
KFUNC_VOID(tcp_reno_cong_avoid, struct sock *sk, u32 ack, u32 acked)
KFUNC(u32, tcp_reno_undo_cwnd, struct sock *sk)
