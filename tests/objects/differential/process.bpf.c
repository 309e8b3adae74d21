/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

SEC("syscall")
int who(void *ctx)
{
	char name[16] = "xxxxxxxxxxxxxxx", little[3] = "xx";
	struct bpf_pidns_info info = { 1, 1 };
	__u64 id = bpf_get_current_pid_tgid(), owner = bpf_get_current_uid_gid();

	record(0, (id >> 32) > 0 && (__u32)id > 0);
	record(1, owner);
	record(2, bpf_get_current_comm(name, sizeof(name)));
	record(3, name[0] != 'x' && name[15] == 0);
	record(4, bpf_get_current_comm(little, sizeof(little)));
	record(5, little[2]);
	record(6, bpf_get_current_task() != 0);
	record(7, bpf_get_current_task_btf() == (void *)bpf_get_current_task());
	record(8, bpf_get_ns_current_pid_tgid(1, 2, &info, sizeof(info)));
	record(9, info.pid + info.tgid);
	record(10, bpf_get_ns_current_pid_tgid(1, 2, &info, 4));
	record(11, bpf_send_signal(65));
	record(12, bpf_send_signal_thread(65));
	return 0;
}
