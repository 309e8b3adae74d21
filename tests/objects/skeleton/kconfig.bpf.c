// SPDX-License-Identifier: (MIT OR GPL-2.0-only)
// Values of the kernel's configuration.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern int LINUX_KERNEL_VERSION __kconfig;
extern _Bool CONFIG_BPF_SYSCALL __kconfig __weak;
extern enum libbpf_tristate CONFIG_NOT_THERE __kconfig __weak;
extern char CONFIG_CC_VERSION_TEXT[32] __kconfig __weak;
extern unsigned long CONFIG_HZ __kconfig __weak;
extern char CONFIG_ONE __kconfig __weak;

__u64 seen;

SEC("tc")
int look(struct __sk_buff *skb)
{
	seen = LINUX_KERNEL_VERSION + CONFIG_BPF_SYSCALL + CONFIG_NOT_THERE + CONFIG_CC_VERSION_TEXT[0] + CONFIG_HZ + CONFIG_ONE;
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
