#!/bin/sh
# Starts the agent with those of CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN that the container has, and no others.
# Engines keep a container's capabilities from users other than root: setpriv-bpf carries them as file capabilities
# (permitted only, so that it also starts where the container has none) and hands them on.
set -eu

# bit FIELD NUMBER: whether a capability is in a set of this process.
bit() {
	value=$(sed -n "s/^$1:[[:space:]]*//p" /proc/self/status)
	[ $((0x$value >> $2 & 1)) = 1 ]
}

wanted=""
held=1
for capability in bpf:39 perfmon:38 net_admin:12; do
	if bit CapBnd "${capability#*:}"; then
		wanted="$wanted,+${capability%:*}"
		bit CapEff "${capability#*:}" || held=0
	fi
done

start="dotnet /app/LogSyscalls.dll"
if [ "$(id -u)" != 0 ] && [ -n "$wanted" ]; then
	if ! grep -q '^NoNewPrivs:[[:space:]]*1' /proc/self/status; then
		start="setpriv-bpf --inh-caps -all$wanted --ambient-caps -all$wanted $start"
	elif [ $held = 0 ]; then
		echo "agent: no-new-privileges (Kubernetes: allowPrivilegeEscalation: false) keeps the container's capabilities from this user" >&2
	fi
fi
# shellcheck disable=SC2086 # a list of words
exec $start "$@"
