/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"
#include "graph.h"

struct item {
	__u64 number;
	struct bpf_list_node node;
	struct bpf_list_node other;
	struct bpf_refcount references;
};

struct queue {
	__u64 length;
	struct bpf_spin_lock lock;
	struct bpf_list_head head __contains(item, node);
	struct bpf_list_head second __contains(item, other);
};
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct queue);
} hidden_queues SEC(".maps");

/* A list in global data. Contents of maps with heads of lists are not compared: their names have "hidden". */
struct bpf_spin_lock global_lock SEC(".data.hidden");
struct bpf_list_head global_list __contains(item, node) SEC(".data.hidden");

static __always_inline struct queue *find(__u32 key)
{
	return bpf_map_lookup_elem(&hidden_queues, &key);
}

static __noinline int put(struct queue *queue, __u64 number, int at_end)
{
	struct item *item;
	int error;

	if (!queue)
		return -1;
	item = NEW(struct item);
	if (!item)
		return -2;
	item->number = number;
	bpf_spin_lock(&queue->lock);
	error = at_end ? bpf_list_push_back_impl(&queue->head, &item->node, 0, 0) : bpf_list_push_front_impl(&queue->head, &item->node, 0, 0);
	queue->length++;
	bpf_spin_unlock(&queue->lock);
	return error;
}

static __noinline int take(struct queue *queue, int from_end)
{
	struct bpf_list_node *node;
	struct item *item;
	int number;

	if (!queue)
		return -1;
	bpf_spin_lock(&queue->lock);
	node = from_end ? bpf_list_pop_back(&queue->head) : bpf_list_pop_front(&queue->head);
	bpf_spin_unlock(&queue->lock);
	if (!node)
		return -2;
	item = OF(node, struct item, node);
	number = item->number;
	DROP(item);
	return number;
}

SEC("tc")
int order(struct __sk_buff *skb)
{
	struct queue *queue = find(0);
	int sum = 0;

	if (!queue)
		return 1;
	sum += put(queue, 1, 1);
	sum += put(queue, 2, 1);
	sum += put(queue, 3, 0);
	sum += put(queue, 4, 0);
	record(0, sum);
	record(1, take(queue, 0));
	record(2, take(queue, 1));
	record(3, take(queue, 1));
	record(4, take(queue, 0));
	record(5, take(queue, 0));
	record(6, take(queue, 1));

	/* One stays with every run. */
	put(queue, skb->len, 1);
	return 0;
}

SEC("tc")
int ends(struct __sk_buff *skb)
{
	struct queue *queue = find(1);
	struct bpf_list_node *node;
	int first = -1, last = -1;

	if (!queue)
		return 1;
	put(queue, 10, 1);
	put(queue, 11, 1);
	put(queue, 12, 1);
	bpf_spin_lock(&queue->lock);
	node = bpf_list_front(&queue->head);
	if (node)
		first = OF(node, struct item, node)->number;
	node = bpf_list_back(&queue->head);
	if (node)
		last = OF(node, struct item, node)->number;
	bpf_spin_unlock(&queue->lock);
	record(10, first);
	record(11, last);
	record(12, take(queue, 0) + take(queue, 0) + take(queue, 0));
	return 0;
}

/* An object in two lists at once, and twice in one. */
SEC("tc")
int shared(struct __sk_buff *skb)
{
	struct queue *queue = find(1);
	struct bpf_list_node *node;
	struct item *item, *same, *third;

	if (!queue)
		return 1;
	item = NEW(struct item);
	if (!item)
		return 2;
	item->number = 77;
	same = bpf_refcount_acquire_impl(item, 0);
	third = bpf_refcount_acquire_impl(item, 0);
	bpf_spin_lock(&queue->lock);
	int error = bpf_list_push_front_impl(&queue->head, &item->node, 0, 0);
	int again = bpf_list_push_front_impl(&queue->head, &same->node, 0, 0);
	int second = bpf_list_push_front_impl(&queue->second, &third->other, 0, 0);
	bpf_spin_unlock(&queue->lock);
	record(20, error);
	record(21, again);
	record(22, second);
	record(23, take(queue, 0));
	bpf_spin_lock(&queue->lock);
	node = bpf_list_pop_back(&queue->second);
	bpf_spin_unlock(&queue->lock);
	if (!node)
		return 3;
	item = OF(node, struct item, other);
	record(24, item->number);
	DROP(item);
	return 0;
}

SEC("tc")
int global(struct __sk_buff *skb)
{
	struct bpf_list_node *node;
	struct item *item = NEW(struct item);

	if (!item)
		return 1;
	item->number = 5;
	bpf_spin_lock(&global_lock);
	bpf_list_push_front_impl(&global_list, &item->node, 0, 0);
	node = bpf_list_pop_front(&global_list);
	bpf_spin_unlock(&global_lock);
	if (!node)
		return 2;
	item = OF(node, struct item, node);
	record(30, item->number);
	DROP(item);
	return 0;
}
