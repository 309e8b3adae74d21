#!/bin/sh
# Mounts what work with BPF needs and this container lacks, as far as it may, and runs the command.
set -u

# provide TYPE WHERE: a file system of the type is mounted there afterwards, or it is said what to do.
provide() {
	grep -qE "^[^ ]+ [^ ]+ $1 " /proc/self/mounts && return
	mkdir -p "$2" 2>/dev/null
	mount -t "$1" "$1" "$2" 2>/dev/null && return
	echo "ci-entrypoint: $1 is not mounted and cannot be: run the container with --privileged or CAP_SYS_ADMIN, or bind the host's ($2)" >&2
}

provide bpf /sys/fs/bpf
provide tracefs /sys/kernel/tracing
provide cgroup2 /run/cgroup2
exec "$@"
