/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

struct pair {
	__u64 a;
	__u64 b;
};

SEC("raw_tp/sys_enter")
int kernel_memory(void *ctx)
{
	struct pair from = { 0x1122334455667788, 0x99aabbccddeeff00 }, to = {};
	char text[8] = "hello", copy[8] = "xxxxxxx";

	record(0, bpf_probe_read_kernel(&to, sizeof(to), &from));
	record(1, to.a ^ to.b);
	record(2, bpf_probe_read_kernel(&to, sizeof(to), 0));
	record(3, to.a | to.b);
	record(4, bpf_probe_read_kernel(&to, sizeof(to), (void *)0x1234));
	record(5, bpf_probe_read_kernel(&to, 0, (void *)0));
	record(6, bpf_probe_read_kernel_str(copy, sizeof(copy), text));
	record(7, copy[4] * 256 + copy[6]);
	record(8, bpf_probe_read_kernel_str(copy, 3, text));
	record(9, copy[1] * 256 + copy[2]);
	record(10, bpf_probe_read_kernel_str(copy, sizeof(copy), (void *)8));
	record(11, copy[0]);
	record(12, bpf_probe_read_kernel_str(copy, 0, text));
	return 0;
}

SEC("raw_tp/sys_enter")
int user_memory(void *ctx)
{
	__u64 to = 5;
	char copy[8] = "xxxxxxx";

	record(20, bpf_probe_read_user(&to, sizeof(to), (void *)0));
	record(21, to);
	record(22, bpf_probe_read_user(&to, sizeof(to), &to));
	record(23, bpf_probe_read_user_str(copy, sizeof(copy), (void *)0));
	record(24, copy[0]);
	record(25, bpf_probe_read(&to, sizeof(to), (void *)0));
	record(26, bpf_probe_read_str(copy, sizeof(copy), (void *)0));
	to = 77;
	__u64 again = 0;
	record(27, bpf_probe_read(&again, sizeof(again), &to));
	record(28, again);
	return 0;
}

SEC("syscall")
int sleeping(void *ctx)
{
	__u64 to = 5;
	struct task_struct *task = (void *)bpf_get_current_task_btf();

	record(30, bpf_copy_from_user(&to, sizeof(to), (void *)0));
	record(31, to);
	record(32, bpf_copy_from_user(&to, 0, (void *)0));
	record(33, bpf_copy_from_user_task(&to, sizeof(to), (void *)0, task, 1));
	record(34, bpf_copy_from_user_task(&to, sizeof(to), (void *)0, task, 0));
	record(35, bpf_copy_from_user_task(&to, 0, (void *)0, task, 0));
	return 0;
}
