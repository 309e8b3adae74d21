// SPDX-License-Identifier: (MIT OR GPL-2.0-only)
// Global, static, weak and hidden variables in every data section; .kconfig and .ksyms.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

enum mode { MODE_OFF, MODE_ON = 7 };

struct pair {
	__u8 a;
	__u32 b;
};

volatile const __u32 limit = 10;
const volatile struct pair pair = { 1, 2 };
__u64 counter = 5;
static __u32 hidden_count = 3;
__u64 zeroed;
struct pair pairs[4];
__u32 shared __attribute__((weak)) = 11;
__u16 internal __attribute__((visibility("hidden"))) = 12;
enum mode mode = MODE_ON;
__u32 custom SEC(".data.custom") = 42;
const volatile char label[8] SEC(".rodata.label") = "label";
static volatile __u8 private_zero;

extern int LINUX_KERNEL_VERSION __kconfig;
extern _Bool CONFIG_BPF_SYSCALL __kconfig __weak;
extern char CONFIG_CC_VERSION_TEXT[64] __kconfig __weak;
extern enum libbpf_tristate CONFIG_NOT_THERE __kconfig __weak;
extern unsigned long CONFIG_HZ __kconfig __weak;

struct bpf_map;
extern __s64 bpf_map_sum_elem_count(const struct bpf_map *map) __ksym __weak;
extern void not_there_kfunc___v2(void) __ksym __weak;
extern const void bpf_prog_put __ksym __weak;
extern const int not_there_variable __ksym __weak;

SEC("tc")
int read_all(struct __sk_buff *skb)
{
	static __u32 calls = 1;
	__u64 sum = limit + pair.b + counter + hidden_count + zeroed + pairs[1].b + shared + internal + mode + custom;

	hidden_count++;
	private_zero++;
	calls += 2;
	sum += calls + label[0] + private_zero;
	sum += LINUX_KERNEL_VERSION + CONFIG_BPF_SYSCALL + CONFIG_CC_VERSION_TEXT[0] + CONFIG_NOT_THERE + CONFIG_HZ;
	if (&bpf_prog_put)
		sum++;
	if (&not_there_variable)
		sum++;
	if (not_there_kfunc___v2)
		not_there_kfunc___v2();
	zeroed = sum;
	return sum & 1;
}

char LICENSE[] SEC("license") = "GPL";
