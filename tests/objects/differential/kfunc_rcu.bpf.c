/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

extern void bpf_rcu_read_lock(void) __ksym;
extern void bpf_rcu_read_unlock(void) __ksym;

SEC("syscall")
int section(void *ctx)
{
	bpf_rcu_read_lock();
	record(0, bpf_get_smp_processor_id() < 4096);
	bpf_rcu_read_unlock();
	return 0;
}
