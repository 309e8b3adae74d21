/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"
#include "graph.h"

struct item {
	__u64 number;
	struct bpf_rb_node node;
};

struct tree {
	__u64 length;
	struct bpf_spin_lock lock;
	struct bpf_rb_root root __contains(item, node);
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, struct tree);
} trees SEC(".maps");

static _Bool less(struct bpf_rb_node *a, const struct bpf_rb_node *b)
{
	return OF(a, struct item, node)->number < OF(b, struct item, node)->number;
}

static __noinline int put(struct tree *tree, __u64 number)
{
	struct item *item;
	int error;

	if (!tree)
		return -1;
	item = NEW(struct item);
	if (!item)
		return -2;
	item->number = number;
	bpf_spin_lock(&tree->lock);
	error = bpf_rbtree_add_impl(&tree->root, &item->node, less, 0, 0);
	tree->length++;
	bpf_spin_unlock(&tree->lock);
	return error;
}

/* The smallest goes. */
static __noinline int take(struct tree *tree)
{
	struct bpf_rb_node *node;
	struct item *item;
	int number;

	if (!tree)
		return -1;
	bpf_spin_lock(&tree->lock);
	node = bpf_rbtree_first(&tree->root);
	if (!node) {
		bpf_spin_unlock(&tree->lock);
		return -2;
	}
	node = bpf_rbtree_remove(&tree->root, node);
	tree->length--;
	bpf_spin_unlock(&tree->lock);
	if (!node)
		return -3;
	item = OF(node, struct item, node);
	number = item->number;
	DROP(item);
	return number;
}

/* The shape: for each of 16 ways of left and right from the root, the number that it leads to, mixed into one. */
static __noinline __u64 shape(struct tree *tree)
{
	__u64 sum = 0;
	int way, step;

	if (!tree)
		return 0;
	for (way = 0; way < 16; way++) {
		struct bpf_rb_node *node;
		__u64 number = 0;

		bpf_spin_lock(&tree->lock);
		node = bpf_rbtree_root(&tree->root);
		for (step = 0; step < 4 && node; step++) {
			number = number * 64 + OF(node, struct item, node)->number + 1;
			if (way >> step & 1)
				node = bpf_rbtree_left(&tree->root, node);
			else
				node = bpf_rbtree_right(&tree->root, node);
		}
		bpf_spin_unlock(&tree->lock);
		sum = sum * 31 + number;
	}
	return sum;
}

static __noinline struct tree *find(__u32 key)
{
	struct tree empty = {};

	bpf_map_update_elem(&trees, &key, &empty, BPF_NOEXIST);
	return bpf_map_lookup_elem(&trees, &key);
}

SEC("tc")
int sort(struct __sk_buff *skb)
{
	struct tree *tree = find(0);
	__u64 sorted = 0, shapes = 0;
	int i;

	if (!tree)
		return 1;
	for (i = 0; i < 24; i++) {
		record(0, put(tree, (i * 11 + skb->len) % 32));
		shapes = shapes * 17 + shape(tree);
	}
	record(1, shapes);
	record(2, tree->length);
	shapes = 0;
	for (i = 0; i < 10; i++) {
		sorted = sorted * 32 + take(tree);
		shapes = shapes * 17 + shape(tree);
	}
	record(3, sorted);
	record(4, shapes);
	record(5, tree->length);
	return 0;
}

/* From the middle, and what is in no tree, or in another. */
SEC("tc")
int middle(struct __sk_buff *skb)
{
	struct tree *tree = find(1);
	struct bpf_rb_node *node, *next = 0;
	int i;

	if (!tree)
		return 1;
	for (i = 0; i < 12; i++)
		put(tree, i * 5 % 12);
	for (i = 0; i < 6; i++) {
		bpf_spin_lock(&tree->lock);
		node = bpf_rbtree_root(&tree->root);
		if (node)
			next = bpf_rbtree_left(&tree->root, node);
		if (next)
			node = next;
		if (!node) {
			bpf_spin_unlock(&tree->lock);
			return 2;
		}
		node = bpf_rbtree_remove(&tree->root, node);
		bpf_spin_unlock(&tree->lock);
		next = 0;
		if (!node)
			return 3;
		record(10 + i, OF(node, struct item, node)->number);
		DROP(OF(node, struct item, node));
		record(20 + i, shape(tree));
	}
	while (i++ < 14)
		record(30, take(tree));
	record(31, take(tree));

	/* What is left goes with the element. */
	put(tree, 3);
	__u32 key = 1;

	record(32, bpf_map_delete_elem(&trees, &key));
	return 0;
}
