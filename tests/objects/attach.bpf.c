// SPDX-License-Identifier: MIT OR GPL-2.0
// One program per way of attaching. Each counts what happens for the process or packets of the test that loaded it;
// a test loads one of them and leaves the others out.
#include <linux/bpf.h>
#include <linux/in.h>
#include <linux/pkt_cls.h>
#include <linux/ptrace.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

const volatile __u32 target_pid;
__u64 hits;
__u64 last;

struct {
	__uint(type, BPF_MAP_TYPE_SOCKHASH);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u64);
} sockets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u64);
} listeners SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u64);
} elements SEC(".maps");

static __always_inline int mine(void)
{
	return (__u32)(bpf_get_current_pid_tgid() >> 32) == target_pid;
}

static __always_inline int count(__u64 value)
{
	__sync_fetch_and_add(&hits, 1);
	last = value;
	return 0;
}

static __always_inline int count_mine(__u64 value)
{
	return mine() ? count(value) : 0;
}

SEC("tp/syscalls/sys_enter_getppid") int tracepoint_getppid(void *ctx) { return count_mine(bpf_get_attach_cookie(ctx)); }

SEC("raw_tp/sys_enter") int raw_tracepoint_sys_enter(struct bpf_raw_tracepoint_args *ctx)
{
	return ctx->args[1] == 110 ? count_mine(ctx->args[1]) : 0;
}

SEC("tp_btf/sys_enter") int tp_btf_sys_enter(__u64 *ctx) { return ctx[1] == 110 ? count_mine(ctx[1]) : 0; }

SEC("ksyscall/getppid") int ksyscall_getppid(void *ctx) { return count_mine(0); }
SEC("kprobe") int kprobe_any(void *ctx) { return count_mine(bpf_get_attach_cookie(ctx)); }
SEC("kretprobe") int kretprobe_any(void *ctx) { return count_mine(0); }
SEC("kprobe.multi") int kprobe_multi_any(void *ctx) { return count_mine(bpf_get_attach_cookie(ctx)); }
SEC("uprobe/libc.so.6:getppid") int uprobe_getppid(void *ctx) { return count_mine(bpf_get_attach_cookie(ctx)); }
SEC("uprobe") int uprobe_any(void *ctx) { return count_mine(bpf_get_attach_cookie(ctx)); }
SEC("uretprobe/libc.so.6:getppid") int uretprobe_getppid(struct pt_regs *ctx) { return count_mine(PT_REGS_RC(ctx)); }
SEC("uprobe.multi") int uprobe_multi_any(void *ctx) { return count_mine(bpf_get_attach_cookie(ctx)); }

SEC("fentry/bpf_fentry_test1") int fentry_test1(void *ctx) { return count(1); }
SEC("fexit/bpf_fentry_test1") int fexit_test1(__u64 *ctx) { return count(ctx[1]); }
SEC("fmod_ret/security_file_open") int fmod_ret_file_open(void *ctx) { return count_mine(2); }
SEC("lsm/file_open") int lsm_file_open(void *ctx) { return count_mine(3); }
SEC("lsm_cgroup/socket_bind") int lsm_cgroup_bind(void *ctx) { count(4); return 1; }

SEC("perf_event") int perf_event_any(void *ctx) { return count_mine(5); }

SEC("xdp") int xdp_pass(struct xdp_md *ctx) { count(ctx->ingress_ifindex); return XDP_PASS; }
SEC("xdp") int xdp_drop(struct xdp_md *ctx) { count(ctx->ingress_ifindex); return XDP_DROP; }

// A function that freplace puts another one in the place of. It must not be known to return a constant.
__attribute__((noinline)) int verdict(struct xdp_md *ctx) { return ctx->data_end > ctx->data ? XDP_PASS : XDP_ABORTED; }
SEC("xdp") int xdp_calls(struct xdp_md *ctx) { return verdict(ctx); }
SEC("freplace/verdict") int replacement(struct xdp_md *ctx) { count(ctx->ingress_ifindex); return XDP_DROP; }

SEC("tc") int tc_pass(struct __sk_buff *skb) { count(skb->ifindex); return TC_ACT_UNSPEC; }
SEC("tc") int tc_second(struct __sk_buff *skb) { last = last * 10 + 2; return TC_ACT_UNSPEC; }
SEC("tc") int tc_first(struct __sk_buff *skb) { last = last * 10 + 1; return TC_ACT_UNSPEC; }

SEC("cgroup_skb/egress") int cgroup_egress(struct __sk_buff *skb) { count(skb->len); return 1; }
SEC("cgroup/connect4") int cgroup_connect4(struct bpf_sock_addr *ctx) { count(ctx->user_port); return ctx->user_port != bpf_htons(9); }
SEC("cgroup/sock_create") int cgroup_sock_create(struct bpf_sock *ctx) { count(ctx->family); return 1; }
SEC("cgroup/sysctl") int cgroup_sysctl(struct bpf_sysctl *ctx) { count(ctx->write); return 1; }
SEC("cgroup/dev") int cgroup_dev(struct bpf_cgroup_dev_ctx *ctx) { count(ctx->minor); return 1; }
SEC("cgroup/getsockopt") int cgroup_getsockopt(struct bpf_sockopt *ctx) { count(ctx->optname); return 1; }
SEC("cgroup_skb/ingress") int cgroup_ingress(struct __sk_buff *skb) { count(skb->len); return 1; }
SEC("cgroup/connect6") int cgroup_connect6(struct bpf_sock_addr *ctx) { count(ctx->user_port); return 1; }
SEC("cgroup/bind4") int cgroup_bind4(struct bpf_sock_addr *ctx) { count(ctx->user_port); return 1; }
SEC("cgroup/bind6") int cgroup_bind6(struct bpf_sock_addr *ctx) { count(ctx->user_port); return 1; }
SEC("cgroup/post_bind4") int cgroup_post_bind4(struct bpf_sock *ctx) { count(ctx->family); return 1; }
SEC("cgroup/post_bind6") int cgroup_post_bind6(struct bpf_sock *ctx) { count(ctx->family); return 1; }
SEC("cgroup/sendmsg4") int cgroup_sendmsg4(struct bpf_sock_addr *ctx) { count(ctx->user_port); return 1; }
SEC("cgroup/sendmsg6") int cgroup_sendmsg6(struct bpf_sock_addr *ctx) { count(ctx->user_port); return 1; }
SEC("cgroup/recvmsg4") int cgroup_recvmsg4(struct bpf_sock_addr *ctx) { count(ctx->user_port); return 1; }
SEC("cgroup/recvmsg6") int cgroup_recvmsg6(struct bpf_sock_addr *ctx) { count(ctx->user_port); return 1; }
SEC("cgroup/getpeername4") int cgroup_getpeername4(struct bpf_sock_addr *ctx) { count(ctx->user_port); return 1; }
SEC("cgroup/getpeername6") int cgroup_getpeername6(struct bpf_sock_addr *ctx) { count(ctx->user_port); return 1; }
SEC("cgroup/getsockname4") int cgroup_getsockname4(struct bpf_sock_addr *ctx) { count(ctx->user_port); return 1; }
SEC("cgroup/getsockname6") int cgroup_getsockname6(struct bpf_sock_addr *ctx) { count(ctx->user_port); return 1; }
SEC("cgroup/sock_release") int cgroup_sock_release(struct bpf_sock *ctx) { count(ctx->family); return 1; }
SEC("cgroup/setsockopt") int cgroup_setsockopt(struct bpf_sockopt *ctx) { count(ctx->optname); return 1; }
SEC("cgroup/connect_unix") int cgroup_connect_unix(struct bpf_sock_addr *ctx) { count(ctx->user_family); return 1; }
SEC("sockops") int sockops_any(struct bpf_sock_ops *ctx) { count(ctx->op); return 1; }

SEC("sk_msg") int sk_msg_verdict(struct sk_msg_md *msg) { count(msg->size); return SK_PASS; }
SEC("sk_skb/stream_parser") int sk_skb_parser(struct __sk_buff *skb) { count(skb->len); return skb->len; }
SEC("sk_skb/stream_verdict") int sk_skb_verdict(struct __sk_buff *skb) { count(skb->len); return SK_PASS; }

SEC("sk_lookup") int sk_lookup_redirect(struct bpf_sk_lookup *ctx)
{
	struct bpf_sock *socket;
	__u32 key = 0;
	long error;

	if (ctx->local_port != 7777)
		return SK_PASS;
	socket = bpf_map_lookup_elem(&listeners, &key);
	if (!socket)
		return SK_PASS;
	count(ctx->local_port);
	error = bpf_sk_assign(ctx, socket, 0);
	bpf_sk_release(socket);
	return error ? SK_DROP : SK_PASS;
}

SEC("flow_dissector") int flow_dissect(struct __sk_buff *skb) { return skb->data_end > skb->data ? count(7) : BPF_OK; }
SEC("sk_reuseport") int reuseport_any(struct sk_reuseport_md *ctx) { count(ctx->len); return SK_PASS; }
SEC("socket") int socket_all(struct __sk_buff *skb) { count(skb->len); return skb->len; }
SEC("netfilter") int netfilter_accept(void *ctx) { count(6); return 1; }

struct seq_file;
struct bpf_iter_meta {
	struct seq_file *seq;
	__u64 session_id;
	__u64 seq_num;
} __attribute__((preserve_access_index));

struct task_struct {
	int pid;
	int tgid;
} __attribute__((preserve_access_index));

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
} __attribute__((preserve_access_index));

struct task_record {
	__u32 pid;
	__u32 tgid;
};

SEC("iter/task") int iter_task(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct task_record record;

	if (!task)
		return 0;
	record.pid = task->pid;
	record.tgid = task->tgid;
	bpf_seq_write(ctx->meta->seq, &record, sizeof(record));
	return 0;
}

struct bpf_map;
struct bpf_iter__bpf_map {
	struct bpf_iter_meta *meta;
	struct bpf_map *map;
} __attribute__((preserve_access_index));

SEC("iter/bpf_map") int iter_map(struct bpf_iter__bpf_map *ctx)
{
	static const char text[] = "map\n";

	if (ctx->map)
		bpf_seq_write(ctx->meta->seq, text, 4);
	return 0;
}

struct bpf_iter__bpf_map_elem {
	struct bpf_iter_meta *meta;
	struct bpf_map *map;
	void *key;
	void *value;
} __attribute__((preserve_access_index));

struct element_record {
	__u64 value;
	__u64 key;
};

SEC("iter/bpf_map_elem") int iter_map_elem(struct bpf_iter__bpf_map_elem *ctx)
{
	struct element_record record;
	__u32 *key = ctx->key;
	__u64 *value = ctx->value;

	if (!key || !value)
		return 0;
	record.key = *key;
	record.value = *value;
	bpf_seq_write(ctx->meta->seq, &record, sizeof(record));
	return 0;
}

struct cgroup;
struct bpf_iter__cgroup {
	struct bpf_iter_meta *meta;
	struct cgroup *cgroup;
} __attribute__((preserve_access_index));

SEC("iter/cgroup") int iter_cgroup(struct bpf_iter__cgroup *ctx)
{
	static const char text[] = "cgroup\n";

	if (ctx->cgroup)
		bpf_seq_write(ctx->meta->seq, text, 7);
	return 0;
}

struct numbers {
	__u64 first;
	__u64 second;
	__u64 sum;
};

SEC("syscall") int syscall_add(struct numbers *ctx)
{
	ctx->sum = ctx->first + ctx->second;
	count(ctx->sum);
	return 7;
}
