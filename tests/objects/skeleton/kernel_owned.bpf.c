// SPDX-License-Identifier: (MIT OR GPL-2.0-only)
// Lists, trees and pointers that the kernel keeps in map values. For reading only: the kernel wants more of such types than is here.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct bpf_list_head { __u64 opaque[2]; } __attribute__((aligned(8)));
struct bpf_list_node { __u64 opaque[3]; } __attribute__((aligned(8)));
struct bpf_rb_root { __u64 opaque[2]; } __attribute__((aligned(8)));
struct task_struct;
#define __kptr __attribute__((btf_type_tag("kptr")))
#define __percpu_kptr __attribute__((btf_type_tag("percpu_kptr")))

struct owning {
	struct task_struct __kptr *task;
	__u64 __percpu_kptr *counts;
	struct bpf_list_head list;
	struct bpf_list_node node;
	struct bpf_rb_root root;
	__u32 count;
	struct task_struct *plain;
};

struct owning owning;

SEC("tc")
int look(struct __sk_buff *skb)
{
	return owning.count;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
