/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

extern void bpf_preempt_disable(void) __ksym __weak;
extern void bpf_preempt_enable(void) __ksym __weak;
extern void bpf_local_irq_save(unsigned long *flags) __ksym __weak;
extern void bpf_local_irq_restore(unsigned long *flags) __ksym __weak;

SEC("syscall")
int sections(void *ctx)
{
	unsigned long flags;

	bpf_preempt_disable();
	record(0, 1);
	bpf_preempt_enable();
	bpf_local_irq_save(&flags);
	record(1, 2);
	bpf_local_irq_restore(&flags);
	return 0;
}
