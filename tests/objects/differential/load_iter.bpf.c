/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
	__u64 session_id;
	__u64 seq_num;
} __attribute__((preserve_access_index));

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
} __attribute__((preserve_access_index));

SEC("iter/task")
int tasks(struct bpf_iter__task *ctx)
{
	static const char line[] = "%d\n";
	__u64 number = 5;

	if (!ctx->task)
		return 0;
	bpf_seq_printf(ctx->meta->seq, line, sizeof(line), &number, sizeof(number));
	bpf_seq_write(ctx->meta->seq, line, sizeof(line));
	return 0;
}
