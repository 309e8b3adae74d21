// SPDX-License-Identifier: (MIT OR GPL-2.0-only)
// A program of each kind: only what applies is offered.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define PROGRAM(section, name) SEC(section) int name(void *ctx) { return 0; }

PROGRAM("socket", socket_filter)
PROGRAM("kprobe/do_unlinkat", on_kprobe)
PROGRAM("kretprobe/do_unlinkat", on_kretprobe)
PROGRAM("kprobe.multi/vfs_*", on_kprobe_multi)
PROGRAM("ksyscall/openat", on_ksyscall)
PROGRAM("uprobe//proc/self/exe:main", on_uprobe)
PROGRAM("uprobe.multi//proc/self/exe:m*", on_uprobe_multi)
PROGRAM("usdt//proc/self/exe:a:b", on_usdt)
PROGRAM("tp/syscalls/sys_enter_openat", on_tracepoint)
PROGRAM("raw_tp/sys_exit", on_raw_tracepoint)
PROGRAM("tp_btf/sched_switch", on_tp_btf)
PROGRAM("fentry/do_unlinkat", on_fentry)
PROGRAM("freplace/other", replacing)
PROGRAM("lsm/file_open", on_lsm)
PROGRAM("lsm_cgroup/socket_bind", on_lsm_cgroup)
PROGRAM("iter/task", each_task)
PROGRAM("xdp", on_xdp)
PROGRAM("tc", on_tc)
PROGRAM("tcx/ingress", on_tcx)
PROGRAM("netkit/peer", on_netkit)
PROGRAM("cgroup/connect4", on_connect)
PROGRAM("sockops", on_sockops)
PROGRAM("sk_msg", on_message)
PROGRAM("sk_skb/stream_verdict", on_verdict)
PROGRAM("sk_lookup", on_lookup)
PROGRAM("sk_reuseport", on_reuseport)
PROGRAM("flow_dissector", on_flow)
PROGRAM("netfilter", on_netfilter)
PROGRAM("perf_event", on_perf_event)
PROGRAM("syscall", on_syscall)
PROGRAM("lwt_in", on_lwt)
PROGRAM("?my_section", of_no_kind)

char LICENSE[] SEC("license") = "Dual MIT/GPL";
