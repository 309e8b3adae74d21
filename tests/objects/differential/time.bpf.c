/* SPDX-License-Identifier: MIT OR GPL-2.0 */
#include "differential.h"

SEC("tc")
int clocks(struct __sk_buff *skb)
{
	__u64 a = bpf_ktime_get_ns(), b = bpf_ktime_get_ns(), boot = bpf_ktime_get_boot_ns();
	__u64 coarse = bpf_ktime_get_coarse_ns(), tai = bpf_ktime_get_tai_ns(), jiffies = bpf_jiffies64();

	record(0, b >= a);
	record(1, boot > 0);
	record(2, coarse <= bpf_ktime_get_ns());
	record(3, tai > a);
	record(4, bpf_jiffies64() >= jiffies);
	record(5, jiffies > 0);
	return 0;
}
