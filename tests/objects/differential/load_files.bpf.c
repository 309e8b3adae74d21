/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

struct path {
	void *mnt;
} __attribute__((preserve_access_index));

struct file {
	struct path f_path;
} __attribute__((preserve_access_index));

struct bpf_iter_meta;
struct task_struct;

struct bpf_iter__task_file {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
	__u32 fd;
	struct file *file;
} __attribute__((preserve_access_index));

SEC("iter/task_file")
int files(struct bpf_iter__task_file *ctx)
{
	struct file *file = ctx->file;
	char path[64];

	if (!file)
		return 0;
	record(0, bpf_d_path(&file->f_path, path, sizeof(path)));
	record(1, bpf_sock_from_file(file) != 0);
	return 0;
}
