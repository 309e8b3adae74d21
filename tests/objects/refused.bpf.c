// SPDX-License-Identifier: (MIT OR GPL-2.0-only)
// Programs that the verifier refuses, each for another reason; none is loaded unless asked for.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8);
	__type(key, int);
	__type(value, long);
} values SEC(".maps");

struct task_struct {
	int nothing_of_this_name;
} __attribute__((preserve_access_index));

SEC("?xdp")
int missing_null_check(struct xdp_md *ctx)
{
	int key = 0;
	long *value = bpf_map_lookup_elem(&values, &key);

	*value += 1;
	return XDP_PASS;
}

SEC("?xdp")
int packet_access(struct xdp_md *ctx)
{
	unsigned char *data = (void *)(long)ctx->data;

	return data[12] ? XDP_PASS : XDP_DROP;
}

SEC("?xdp")
int endless_loop(struct xdp_md *ctx)
{
	volatile int i = 0;

	while (i >= 0)
		i = 1;
	return XDP_PASS;
}

SEC("?xdp")
int wrong_helper(struct xdp_md *ctx)
{
	return bpf_override_return((void *)ctx, 1);
}

SEC("?raw_tp/sys_enter")
int missing_field(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	return BPF_CORE_READ(task, nothing_of_this_name);
}

// Walked line by line at level 2, the loop makes a log of several megabytes before the access is refused.
SEC("?xdp")
int long_log(struct xdp_md *ctx)
{
	unsigned char *data = (void *)(long)ctx->data;
	volatile int sum = 0;

	for (int i = 0; i < 8000; i++)
		sum += i;
	return data[sum & 7];
}

char LICENSE[] SEC("license") = "GPL";
