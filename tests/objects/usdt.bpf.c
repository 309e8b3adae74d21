// SPDX-License-Identifier: MIT OR GPL-2.0
// A USDT probe whose argument is read: which modules a Python imports.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/usdt.bpf.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

__u64 json_imports;
__u64 cookie;
int argument_count;

SEC("usdt") int import_start(struct pt_regs *ctx)
{
	char name[8] = {};
	long address = 0;

	if (bpf_usdt_arg(ctx, 0, &address))
		return 0;
	argument_count = bpf_usdt_arg_cnt(ctx);
	cookie = bpf_usdt_cookie(ctx);
	if (bpf_probe_read_user_str(name, sizeof(name), (void *)address) == 5 && name[0] == 'j' && name[1] == 's' && name[2] == 'o' && name[3] == 'n')
		__sync_fetch_and_add(&json_imports, 1);
	return 0;
}
