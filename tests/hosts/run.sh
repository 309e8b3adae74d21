#!/bin/bash
# run.sh [--no-build] [--guest KERNEL] [STATE...]
# Runs the library and the sample in the states that hosts are in (docs/hosts.md), and checks in each which kernel was
# chosen, what was logged and what the errors say. Without STATE: all but 'mixed', which needs a sysctl and is run in a
# guest kernel (--guest 6.12; only 'mixed' then, or with the other states that are named).
# As root. Packages: util-linux python3. Last line: 'N passed, N failed'.
set -u -o pipefail
here=$(dirname "$(readlink -f "$0")")
root=$(readlink -f "$here/../..")
cd "$root" || exit 1
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
unset LIBBPFSHARP_KERNEL LIBBPFSHARP_LIBBPF

all_states="capable no-capability nobody seccomp-enosys seccomp-eperm seccomp-container seccomp-perf user-namespace partial-bpf partial-net partial-perfmon no-libbpf no-mounts read-only bad-variable"
build=1 guest=""
while [ $# -gt 0 ]; do
	case $1 in
		--no-build) build=0 ;;
		--guest) guest=$2; shift ;;
		-*) sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
		*) break ;;
	esac
	shift
done
states=${*:-$([ -n "$guest" ] && echo mixed || echo "$all_states")}
[ "$(id -u)" = 0 ] || { echo "run.sh: run it as root" >&2; exit 2; }

if [ $build = 1 ]; then
	for project in tests/hosts/HostProbe samples/LogSyscalls; do
		dotnet build "$project" -v q -nologo -maxcpucount:2 >&2 || exit 1
	done
fi
if [ -n "$guest" ]; then
	# shellcheck disable=SC2086 # a list of words
	exec "$root/tests/vm/guest.sh" "$guest" tests/hosts/run.sh --no-build $states
fi

# A copy that everybody may read and nobody may write.
bin=$(mktemp -d)
trap 'rm -rf "$bin"' EXIT
cp -r artifacts/bin/HostProbe/debug "$bin/probe" && cp -r artifacts/bin/LogSyscalls/debug "$bin/sample" || exit 1
cp "$here/deny.py" "$bin/" && chmod -R a+rX "$bin"

passed=0 failed=0 state="" text="" code=0

# run COMMAND...: the command's output, both streams, in $text and its exit code in $code.
run() {
	text=$("$@" 2>&1 < /dev/null)
	code=$?
}
probe() { run "${as[@]}" dotnet "$bin/probe/HostProbe.dll" "$@"; }
sample() { run "${as[@]}" dotnet "$bin/sample/LogSyscalls.dll"; }
on() { local as=("${as[@]}" env "LIBBPFSHARP_KERNEL=$1"); shift; "$@"; }

verdict() {
	if [ "$1" = 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $state: $2"
		sed 's/^/    | /' <<< "$text"
	fi
}
# says PATTERN: a line of the output matches. silent PATTERN: none does. once PATTERN: exactly one does. ends CODE.
says() { grep -qE -- "$1" <<< "$text"; verdict $? "the output has no line like '$1'"; }
silent() { ! grep -qE -- "$1" <<< "$text"; verdict $? "the output has a line like '$1'"; }
once() { [ "$(grep -cE -- "$1" <<< "$text")" = 1 ]; verdict $? "not exactly one line like '$1'"; }
ends() { [ "$code" = "$1" ]; verdict $? "exit code $code, not $1"; }

# The process falls back: REASON is what the warning, the selection and the refusal under LIBBPFSHARP_KERNEL=linux say.
falls_back() {
	local reason=$1 errno=$2
	probe --log select map socket xdp tracepoint raw_tracepoint
	ends 0
	says '^kernel: emulated kernel'
	says '^fallback: True'
	says "^reason: Linux .*$reason"
	once "^log: Warning LibbpfSharp.Kernel 100: Running on the emulated kernel: Linux .*$reason"
	says '^loaded: xdp_pass on emulated kernel .* by Managed'
	on linux probe --log select map
	ends 1
	says "^error select: $errno: .* failed: $errno .*LIBBPFSHARP_KERNEL=linux allows no other kernel"
	says "^error map: $errno: "
	silent 'log: Warning|emulated kernel'
	on emulator probe --log select map xdp
	ends 0
	says '^fallback: False'
	silent 'log: Warning'
	sample
	ends 0
	once '^warning: LibbpfSharp.Kernel: Running on the emulated kernel: '
	says '^Running on emulated kernel'
	says '[1-9][0-9]*[[:space:]]*$'
	on linux sample
	ends 1
	says "^LogSyscalls: .* failed: $errno .*LIBBPFSHARP_KERNEL=linux"
	silent 'Unhandled|   at '
}

# The process runs on Linux without a word.
on_linux() {
	probe --log select map "$@"
	ends 0
	says '^kernel: Linux '
	says '^fallback: False'
	says '^reason: it lets this process make maps and load programs'
	silent 'log: Warning|log: Error'
}

missing_all='lacks CAP_BPF, CAP_PERFMON \(for tracing programs\), CAP_NET_ADMIN \(for network programs\): run as root'
drop_all=(setpriv --bounding-set=-all --inh-caps=-all)

check() {
	state=$1
	local as=(env)
	case $state in
		capable)
			on_linux xdp tracepoint raw_tracepoint
			on linux probe --log select
			says '^reason: LIBBPFSHARP_KERNEL=linux asks for it'
			sample
			ends 0
			says '^Running on Linux '
			silent 'warning'
			;;
		no-capability)
			as=("${drop_all[@]}")
			falls_back "refuses making a map \(EPERM\)\. This process $missing_all" EPERM
			;;
		nobody)
			as=(setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all --inh-caps=-all)
			falls_back "refuses making a map \(EPERM\)\. This process $missing_all" EPERM
			;;
		seccomp-enosys)
			as=(python3 "$bin/deny.py" ENOSYS bpf)
			falls_back 'refuses making a map \(ENOSYS\)\. The seccomp filter that this process runs under hides bpf\(2\)' ENOSYS
			;;
		seccomp-eperm)
			as=(python3 "$bin/deny.py" EPERM bpf)
			falls_back 'refuses making a map \(EPERM\)\. This process has CAP_SYS_ADMIN.*or the seccomp filter' EPERM
			;;
		seccomp-container)
			# As an engine's default profile with CAP_BPF but without CAP_SYS_ADMIN.
			as=(setpriv --bounding-set=-sys_admin --inh-caps=-all python3 "$bin/deny.py" EPERM bpf)
			falls_back 'refuses making a map \(EPERM\)\. This process has CAP_BPF but runs under a seccomp filter.*or add CAP_SYS_ADMIN' EPERM
			;;
		seccomp-perf)
			as=(python3 "$bin/deny.py" ENOSYS perf_event_open)
			on_linux raw_tracepoint
			probe tracepoint
			ends 1
			says "^error tracepoint: ENOSYS: .*tracepoint 'syscalls/sys_enter_getppid'.*seccomp filter.*perf_event_open"
			;;
		user-namespace)
			as=(unshare -Ur)
			falls_back 'refuses making a map \(EPERM\)\. This process is in a user namespace .*where its capabilities do not count' EPERM
			;;
		partial-bpf)
			as=(setpriv "--bounding-set=-perfmon,-net_admin,-sys_admin" --inh-caps=-all)
			falls_back 'refuses loading an XDP, traffic control or tracepoint program \(EPERM\)\. This process lacks CAP_PERFMON \(for tracing programs\), CAP_NET_ADMIN' EPERM
			;;
		partial-net)
			as=(setpriv "--bounding-set=-perfmon,-sys_admin" --inh-caps=-all)
			on_linux socket xdp
			probe tracepoint raw_tracepoint
			ends 1
			says '^error tracepoint: EPERM: .*lacks CAP_PERFMON \(for tracing programs\): run as root'
			says '^error raw_tracepoint: EPERM: .*lacks CAP_PERFMON \(for tracing programs\): run as root'
			sample
			ends 1
			says 'LogSyscalls: .*EPERM.*CAP_PERFMON'
			silent 'Unhandled|   at '
			;;
		partial-perfmon)
			as=(setpriv "--bounding-set=-net_admin,-sys_admin" --inh-caps=-all)
			on_linux socket raw_tracepoint tracepoint
			probe xdp
			ends 1
			says '^error xdp: EPERM: .*lacks CAP_NET_ADMIN \(for network programs\): run as root'
			sample
			ends 0
			says '^Running on Linux '
			;;
		no-libbpf)
			as=(env LIBBPFSHARP_LIBBPF=/nonexistent)
			probe --log select map xdp tracepoint raw_tracepoint
			ends 0
			says '^kernel: Linux '
			says '^loaded: xdp_pass on Linux .* by Managed'
			once '^log: Warning LibbpfSharp.Objects 201: Loading without libbpf, through the managed loader: .*LIBBPFSHARP_LIBBPF.*/nonexistent'
			probe libbpf
			ends 1
			says '^error libbpf: ENOENT: .*/nonexistent'
			sample
			ends 0
			says '^Running on Linux .*managed loader'
			;;
		no-mounts)
			# shellcheck disable=SC2016 # expanded by the inner shell
			as=(unshare -m sh -c 'awk "\$3 == \"bpf\" || \$3 == \"tracefs\" || \$3 == \"debugfs\" { print \$2 }" /proc/self/mounts | tac | xargs -r umount -l; exec "$@"' sh)
			on_linux xdp raw_tracepoint
			probe tracepoint pin=/sys/fs/bpf/host_probe
			ends 1
			says "^error tracepoint: ENODEV: .*mount -t tracefs tracefs /sys/kernel/tracing"
			says "^error pin=.*: .*'/sys/fs/bpf/host_probe' must be on a bpffs, and none is mounted: mount -t bpf bpf /sys/fs/bpf"
			sample
			ends 0
			says '^Running on Linux '
			;;
		read-only)
			# shellcheck disable=SC2016 # expanded by the inner shell
			as=(unshare -m sh -c 'mountpoint -q /sys/fs/bpf || mount -t bpf bpf /sys/fs/bpf; mountpoint -q /sys/kernel/tracing || mount -t tracefs tracefs /sys/kernel/tracing
				mount -o remount,bind,ro /sys/fs/bpf; mount -o remount,bind,ro /sys/kernel/tracing; mount --rbind / / && mount -o remount,bind,ro / && ! touch /tmp/host_probe 2> /dev/null && exec "$@"' sh)
			on_linux xdp tracepoint raw_tracepoint
			probe pin=/sys/fs/bpf/host_probe
			ends 1
			says "^error pin=.*: EROFS: .*mounted read-only here: mount -o remount,rw"
			sample
			ends 0
			says '^Running on Linux '
			;;
		bad-variable)
			on windows probe select
			ends 1
			says "^error select: EINVAL: .*LIBBPFSHARP_KERNEL='windows'.*Set LIBBPFSHARP_KERNEL to 'linux' or 'emulator'"
			on windows sample
			ends 1
			silent 'Unhandled|   at '
			;;
		mixed)
			# Maps and socket filters for everybody, nothing else: what kernel.unprivileged_bpf_disabled=0 allows.
			local before
			before=$(cat /proc/sys/kernel/unprivileged_bpf_disabled)
			text=$(sysctl -w kernel.unprivileged_bpf_disabled=0 2>&1)
			verdict $? "kernel.unprivileged_bpf_disabled cannot be set to 0 (it is $before): run this state in a guest, --guest 6.12"
			as=("${drop_all[@]}")
			probe probe
			says '^probe: maps supported, socket filters supported, XDP NotPermitted \(EPERM\), tracepoints NotPermitted \(EPERM\)'
			falls_back "refuses loading an XDP, traffic control or tracepoint program \(EPERM\)\. This process $missing_all" EPERM
			sysctl -qw "kernel.unprivileged_bpf_disabled=$before"
			;;
		*)
			echo "run.sh: there is no state '$state'; there are: $all_states mixed" >&2
			exit 2
			;;
	esac
}

for each in $states; do
	before=$((passed + failed)) bad=$failed begin=$SECONDS
	check "$each"
	echo "$each: $((passed + failed - before)) checks, $((failed - bad)) failed, $((SECONDS - begin)) s"
done
echo "kernel $(uname -r)"
echo "$passed passed, $failed failed"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
