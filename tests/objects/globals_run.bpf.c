// SPDX-License-Identifier: (MIT OR GPL-2.0-only)
// Global variables of every section and configuration values, summed by a test run.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

volatile const __u32 limit = 10;
__u64 counter = 5;
static __u32 hidden_count = 3;
__u64 result;
__u32 elements[4];
__u32 custom SEC(".data.custom") = 42;
const volatile char label[8] SEC(".rodata.label") = "label";

extern int LINUX_KERNEL_VERSION __kconfig;
extern _Bool CONFIG_BPF_SYSCALL __kconfig __weak;
extern char CONFIG_CC_VERSION_TEXT[8] __kconfig __weak;
extern enum libbpf_tristate CONFIG_NOT_THERE __kconfig __weak;
extern enum libbpf_tristate CONFIG_MODULE_OF_TEST __kconfig __weak;
extern unsigned long CONFIG_HZ __kconfig __weak;

extern void not_there_kfunc(void) __ksym __weak;
extern const void no_such_symbol_anywhere __ksym __weak;

SEC("tc")
int sum(struct __sk_buff *skb)
{
	__u64 sum = limit + counter + hidden_count + elements[3] + custom + label[0];

	hidden_count++;
	sum += LINUX_KERNEL_VERSION + CONFIG_BPF_SYSCALL + CONFIG_CC_VERSION_TEXT[0] + CONFIG_NOT_THERE + CONFIG_MODULE_OF_TEST + CONFIG_HZ;
	if (&no_such_symbol_anywhere)
		sum += 1000000;
	if (not_there_kfunc)
		not_there_kfunc();
	result = sum;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
