/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/*
 * Programs that only the emulator runs: of types without a test run or that the kernel of the tests lacks, and programs that are
 * wrong in ways which Linux's verifier refuses.
 */
#include "differential/differential.h"
#include "differential/graph.h"
#include <linux/ptrace.h>
#include <bpf/bpf_tracing.h>

struct path {
	int dummy;
} __attribute__((preserve_access_index));
struct file {
	struct path f_path;
} __attribute__((preserve_access_index));

char text[64];

SEC("fentry/bpf_fentry_test3")
int entry(unsigned long long *ctx)
{
	__u64 value = 0;

	record(0, bpf_get_func_arg_cnt(ctx));
	record(1, bpf_get_func_arg(ctx, 2, &value));
	record(2, value);
	record(3, bpf_get_func_arg(ctx, 3, &value));
	record(4, bpf_get_func_ret(ctx, &value));
	record(5, bpf_get_func_ip(ctx) != 0);
	return 0;
}

SEC("fexit/bpf_fentry_test3")
int leave(unsigned long long *ctx)
{
	__u64 value = 0;

	record(10, bpf_get_func_arg_cnt(ctx));
	record(11, bpf_get_func_ret(ctx, &value));
	record(12, value);
	record(13, bpf_get_func_arg(ctx, 0, &value));
	record(14, value);
	return 0;
}

SEC("lsm/file_open")
int open(unsigned long long *ctx)
{
	struct file *file = (void *)ctx[0];

	record(20, bpf_d_path(&file->f_path, text, sizeof(text)));
	record(21, bpf_d_path(&file->f_path, text, 4));
	return 0;
}

SEC("kprobe/vfs_read")
int override(struct pt_regs *ctx)
{
	if (PT_REGS_PARM3(ctx) == 7)
		record(30, bpf_override_return(ctx, -13));
	return 0;
}

SEC("sockops")
int header_options(struct bpf_sock_ops *ctx)
{
	__u8 option[4] = { 254, 4, 0xeb, 0x9f };
	__u8 found[8] = { 254, 4, 0xeb, 0x9f };
	__u8 mss[4] = { 2 };
	__u8 wrong[4] = { 2, 3 };

	switch (ctx->op) {
	case BPF_SOCK_OPS_HDR_OPT_LEN_CB:
		record(40, bpf_reserve_hdr_opt(ctx, 4, 0));
		record(41, bpf_reserve_hdr_opt(ctx, 41, 0));
		record(42, bpf_reserve_hdr_opt(ctx, 1, 0));
		record(43, bpf_load_hdr_opt(ctx, mss, sizeof(mss), 0));
		record(44, bpf_store_hdr_opt(ctx, option, sizeof(option), 0));
		break;
	case BPF_SOCK_OPS_WRITE_HDR_OPT_CB:
		record(45, bpf_store_hdr_opt(ctx, option, sizeof(option), 0));
		record(46, bpf_store_hdr_opt(ctx, option, sizeof(option), 0));
		record(47, bpf_load_hdr_opt(ctx, found, sizeof(found), 0));
		option[0] = 1;
		record(48, bpf_store_hdr_opt(ctx, option, sizeof(option), 0));
		option[0] = 200;
		record(49, bpf_store_hdr_opt(ctx, option, sizeof(option), 0));
		record(50, bpf_reserve_hdr_opt(ctx, 4, 0));
		break;
	case BPF_SOCK_OPS_PARSE_HDR_OPT_CB:
		record(51, bpf_load_hdr_opt(ctx, mss, sizeof(mss), 0));
		record(52, mss[2] << 8 | mss[3]);
		record(53, bpf_load_hdr_opt(ctx, wrong, sizeof(wrong), 0));
		record(54, bpf_load_hdr_opt(ctx, found, sizeof(found), 0));
		mss[0] = 3;
		mss[1] = 0;
		record(55, bpf_load_hdr_opt(ctx, mss, 2, BPF_LOAD_HDR_OPT_TCP_SYN));
		mss[0] = 8;
		mss[1] = 0;
		record(56, bpf_load_hdr_opt(ctx, mss, sizeof(mss), BPF_LOAD_HDR_OPT_TCP_SYN));
		break;
	}
	return 1;
}

struct item {
	__u64 number;
	struct bpf_list_node node;
	struct bpf_rb_node tree;
	struct bpf_refcount references;
};
struct unlisted {
	__u64 number;
	struct bpf_list_node node;
};
typedef struct item item_t;

struct owner {
	struct bpf_spin_lock lock;
	struct bpf_list_head list __contains(item, node);
	struct bpf_rb_root root __contains(item, tree);
};
struct keeper {
	__u64 before;
	item_t __attribute__((btf_type_tag("kptr"))) *item;
};
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct owner);
} owners SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct keeper);
} keepers SEC(".maps");

static __always_inline struct owner *owner(void)
{
	__u32 key = 0;

	return bpf_map_lookup_elem(&owners, &key);
}

static _Bool less(struct bpf_rb_node *a, const struct bpf_rb_node *b)
{
	return OF(a, struct item, tree)->number < OF(b, struct item, tree)->number;
}

/* Each is wrong in the line that says so. */
SEC("tc")
int no_lock(struct __sk_buff *skb)
{
	struct owner *o = owner();
	struct item *item = NEW(struct item);

	if (o && item)
		bpf_list_push_front_impl(&o->list, &item->node, 0, 0); /* wrong */
	return 0;
}

SEC("tc")
int not_owned(struct __sk_buff *skb)
{
	struct owner *o = owner();
	struct item *item = NEW(struct item);

	if (!o || !item)
		return 0;
	bpf_spin_lock(&o->lock);
	bpf_list_push_front_impl(&o->list, &item->node, 0, 0);
	bpf_list_push_front_impl(&o->list, &item->node, 0, 0); /* wrong */
	bpf_spin_unlock(&o->lock);
	return 0;
}

SEC("tc")
int after_unlock(struct __sk_buff *skb)
{
	struct owner *o = owner();
	struct item *item = NEW(struct item);

	if (!o || !item)
		return 0;
	bpf_spin_lock(&o->lock);
	bpf_rbtree_add_impl(&o->root, &item->tree, less, 0, 0);
	item->number = 1;
	bpf_spin_unlock(&o->lock);
	return item->number; /* wrong */
}

SEC("tc")
int other_type(struct __sk_buff *skb)
{
	struct owner *o = owner();
	struct unlisted *item = NEW(struct unlisted);

	if (!o || !item)
		return 0;
	bpf_spin_lock(&o->lock);
	bpf_list_push_front_impl(&o->list, &item->node, 0, 0); /* wrong */
	bpf_spin_unlock(&o->lock);
	return 0;
}

SEC("tc")
int no_node(struct __sk_buff *skb)
{
	struct owner *o = owner();
	struct item *item = NEW(struct item);

	if (!o || !item)
		return 0;
	bpf_spin_lock(&o->lock);
	bpf_list_push_front_impl(&o->list, (void *)&item->number, 0, 0); /* wrong */
	bpf_spin_unlock(&o->lock);
	return 0;
}

SEC("tc")
int not_dropped(struct __sk_buff *skb)
{
	return NEW(struct item) != 0; /* wrong */
}

SEC("tc")
int dropped_twice(struct __sk_buff *skb)
{
	struct item *item = NEW(struct item);

	if (!item)
		return 0;
	DROP(item);
	DROP(item); /* wrong */
	return 0;
}

SEC("tc")
int after_drop(struct __sk_buff *skb)
{
	struct item *item = NEW(struct item);

	if (!item)
		return 0;
	DROP(item);
	return item->number; /* wrong */
}

SEC("tc")
int no_reference_count(struct __sk_buff *skb)
{
	struct unlisted *item = NEW(struct unlisted);

	if (!item)
		return 0;
	bpf_refcount_acquire_impl(item, 0); /* wrong */
	return 0;
}

SEC("tc")
int pointer_stored(struct __sk_buff *skb)
{
	__u32 key = 0;
	struct keeper *keeper = bpf_map_lookup_elem(&keepers, &key);

	if (keeper)
		*(volatile __u64 *)&keeper->item = 5; /* wrong */
	return 0;
}

SEC("tc")
int pointer_in_part(struct __sk_buff *skb)
{
	__u32 key = 0;
	struct keeper *keeper = bpf_map_lookup_elem(&keepers, &key);

	return keeper ? *(volatile __u32 *)&keeper->item : 0; /* wrong */
}

SEC("tc")
int no_pointer(struct __sk_buff *skb)
{
	__u32 key = 0;
	struct keeper *keeper = bpf_map_lookup_elem(&keepers, &key);

	if (keeper)
		bpf_kptr_xchg(&keeper->before, 0); /* wrong */
	return 0;
}

/* What a program left in lists, trees and pointers when it faulted is whole. */
static _Bool faulty(struct bpf_rb_node *a, const struct bpf_rb_node *b)
{
	return *(volatile __u64 *)8; /* wrong */
}

SEC("tc")
int fault_in_comparison(struct __sk_buff *skb)
{
	struct owner *o = owner();
	struct item *first = NEW(struct item), *second = NEW(struct item);

	if (!o || !first || !second)
		return 0;
	bpf_spin_lock(&o->lock);
	bpf_rbtree_add_impl(&o->root, &first->tree, less, 0, 0);
	bpf_rbtree_add_impl(&o->root, &second->tree, faulty, 0, 0);
	bpf_spin_unlock(&o->lock);
	return 0;
}

SEC("tc")
int count_tree(struct __sk_buff *skb)
{
	struct owner *o = owner();
	struct bpf_rb_node *node;
	int i, count = 0;

	if (!o)
		return 0;
	for (i = 0; i < 10; i++) {
		bpf_spin_lock(&o->lock);
		node = bpf_rbtree_first(&o->root);
		if (node)
			node = bpf_rbtree_remove(&o->root, node);
		bpf_spin_unlock(&o->lock);
		if (!node)
			break;
		DROP(OF(node, struct item, tree));
		count++;
	}
	return count;
}
