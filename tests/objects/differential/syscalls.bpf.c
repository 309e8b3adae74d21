/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} scratch SEC(".maps");

SEC("syscall")
int from_inside(void *ctx)
{
	union bpf_attr create = { .map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 8, .max_entries = 2 };
	union bpf_attr wrong = { .map_type = BPF_MAP_TYPE_ARRAY, .key_size = 3, .value_size = 8, .max_entries = 2 };
	char task[] = "task_struct", unknown[] = "no_such_struct_at_all";
	char symbol[] = "no_such_symbol_at_all";
	__u64 address = 1;
	int fd = bpf_sys_bpf(BPF_MAP_CREATE, &create, sizeof(create));

	record(0, fd >= 0);
	if (fd >= 0)
		record(1, bpf_sys_close(fd));
	record(2, bpf_sys_bpf(BPF_MAP_CREATE, &wrong, sizeof(wrong)));
	record(3, bpf_sys_close(1 << 20));
	record(4, bpf_btf_find_by_name_kind(task, sizeof(task), 4, 0) > 0);
	record(5, bpf_btf_find_by_name_kind(unknown, sizeof(unknown), 4, 0));
	record(6, bpf_btf_find_by_name_kind(task, sizeof(task), 4, 1));
	record(7, bpf_kallsyms_lookup_name(symbol, sizeof(symbol), 0, &address));
	record(8, address);
	record(9, bpf_kallsyms_lookup_name(symbol, sizeof(symbol), 1, &address));
	return 0;
}
