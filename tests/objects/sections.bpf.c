// SPDX-License-Identifier: (MIT OR GPL-2.0-only)
// Programs of many kinds by their section names.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define PROGRAM(section, name) SEC(section) int name(void *ctx) { return 0; }

PROGRAM("socket", p_socket)
PROGRAM("kprobe/do_unlinkat", p_kprobe)
PROGRAM("kretprobe", p_kretprobe)
PROGRAM("kprobe.multi/tcp_*", p_kprobe_multi)
PROGRAM("uprobe.s//usr/bin/bash:readline", p_uprobe)
PROGRAM("usdt/libc.so.6:libc:setjmp", p_usdt)
PROGRAM("ksyscall/openat", p_ksyscall)
PROGRAM("tp/syscalls/sys_enter_openat", p_tp)
PROGRAM("raw_tp.w/sys_exit", p_raw_tp)
PROGRAM("tp_btf/sched_switch", p_tp_btf)
PROGRAM("fentry/do_unlinkat", p_fentry)
PROGRAM("fmod_ret.s/security_file_open", p_fmod_ret)
PROGRAM("freplace/target", p_freplace)
PROGRAM("lsm.s/file_open", p_lsm)
PROGRAM("iter/task", p_iter)
PROGRAM("xdp.frags/devmap", p_devmap)
PROGRAM("tcx/ingress", p_tcx)
PROGRAM("netkit/peer", p_netkit)
PROGRAM("cgroup/connect4", p_connect4)
PROGRAM("cgroup_skb/egress", p_egress)
PROGRAM("sockops", p_sockops)
PROGRAM("sk_skb/stream_verdict", p_verdict)
PROGRAM("sk_lookup", p_lookup)
PROGRAM("netfilter", p_netfilter)
PROGRAM("perf_event", p_perf)
PROGRAM("syscall", p_syscall)
PROGRAM("xdp/unknown_suffix", p_old_style)
PROGRAM("?my_section", p_unknown)

__u32 kernel_version SEC("version") = 0x060102;
char LICENSE[] SEC("license") = "GPL";
