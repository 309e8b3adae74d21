// SPDX-License-Identifier: (MIT OR GPL-2.0-only)
// Every kind of CO-RE relocation that clang 14 writes, against types that every kernel has, and some that none has.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <stdbool.h>

char LICENSE[] SEC("license") = "GPL";

#define CORE __attribute__((preserve_access_index))

struct list_head { struct list_head *next, *prev; } CORE;
struct mm_struct { unsigned long start_code; unsigned long arg_start; } CORE;
struct sched_entity { unsigned long long exec_start; } CORE;

struct task_struct {
	int pid;
	int tgid;
	char comm[16];
	struct task_struct *group_leader;
	struct mm_struct *mm;
	struct sched_entity se;
	struct list_head children;
	unsigned sched_reset_on_fork : 1;
	unsigned in_execve : 1;
	int not_there;
} CORE;

struct task_struct___flavour { unsigned int pid; int really_not_there; } CORE;
struct not_there { int member; } CORE;
struct bpf_map { unsigned int key_size, value_size, max_entries; int map_type; } CORE;
struct sk_buff { unsigned int len; unsigned char *data; unsigned char cloned : 1, nohdr : 1, pkt_type : 3; } CORE;
enum pid_type { PIDTYPE_PID = 77, PIDTYPE_TGID = 88, PIDTYPE_NOT_THERE = 99 };
enum not_there_enum { NOT_THERE_VALUE = 3 };
typedef struct { int counter; } atomic_t;

__u64 out[64];

static __attribute__((noinline)) __u64 in_subprogram(struct task_struct *task)
{
	return BPF_CORE_READ(task, group_leader, tgid) + BPF_CORE_READ(task, se.exec_start);
}

SEC("raw_tp/sys_enter")
int fields(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct task_struct___flavour *other = (void *)task;

	out[0] = BPF_CORE_READ(task, pid);
	out[1] = BPF_CORE_READ(task, comm[3]);
	out[2] = BPF_CORE_READ(task, mm, arg_start);
	out[3] = BPF_CORE_READ(other, pid);
	out[4] = in_subprogram(task);
	out[5] = BPF_CORE_READ_BITFIELD_PROBED(task, sched_reset_on_fork);
	out[6] = BPF_CORE_READ_BITFIELD_PROBED(task, in_execve);
	out[7] = bpf_core_field_exists(task->not_there) ? BPF_CORE_READ(task, not_there) : 1;
	out[8] = bpf_core_field_exists(other->really_not_there);
	out[9] = bpf_core_field_exists(task->children.prev);
	out[10] = bpf_core_field_size(task->comm);
	out[11] = bpf_core_field_size(task->se);
	out[12] = bpf_core_field_offset(task->children.prev);
	return 0;
}

SEC("raw_tp/sys_enter")
int types(void *ctx)
{
	struct sk_buff *skb = 0;

	out[20] = bpf_core_type_exists(struct task_struct);
	out[21] = bpf_core_type_exists(struct not_there);
	out[22] = bpf_core_type_size(struct task_struct);
	out[23] = bpf_core_type_size(struct not_there);
	out[24] = bpf_core_type_size(atomic_t);
	out[25] = bpf_core_type_id_local(struct task_struct);
	out[26] = bpf_core_type_id_kernel(struct task_struct);
	out[27] = bpf_core_type_id_kernel(struct not_there);
	out[28] = bpf_core_enum_value_exists(enum pid_type, PIDTYPE_TGID);
	out[29] = bpf_core_enum_value_exists(enum pid_type, PIDTYPE_NOT_THERE);
	out[30] = bpf_core_enum_value(enum pid_type, PIDTYPE_TGID);
	out[31] = bpf_core_enum_value_exists(enum not_there_enum, NOT_THERE_VALUE) ? bpf_core_enum_value(enum not_there_enum, NOT_THERE_VALUE) : 5;
	out[32] = bpf_core_field_exists(skb->pkt_type);
	out[33] = __builtin_preserve_field_info(skb->pkt_type, BPF_FIELD_LSHIFT_U64);
	out[34] = __builtin_preserve_field_info(skb->pkt_type, BPF_FIELD_RSHIFT_U64);
	out[35] = __builtin_preserve_field_info(skb->pkt_type, BPF_FIELD_SIGNED);
	out[36] = bpf_core_field_exists(struct bpf_map, max_entries);
	return 0;
}

SEC("tp_btf/sys_enter")
int direct(__u64 *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task_btf();

	out[40] = task->pid;
	out[41] = task->group_leader->tgid;
	return 0;
}
