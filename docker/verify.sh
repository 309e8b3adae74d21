#!/bin/bash
# verify.sh [--install] [--engine podman|docker] [--keep]
# Proves the images on a machine that has a container engine but no registry: makes the base images that the Dockerfiles
# name from this machine's Debian or Ubuntu and .NET SDK, builds the Dockerfiles unchanged, runs the integration tests and
# the sample in containers with all privileges, with the named capabilities only and without any, and removes all of it.
# As root, from a clean clone. --install: podman from the machine's package source (docker/packages) where no engine is.
# Needs the network for packages (apt, NuGet). Work and image store: $VERIFY_WORK, else a folder in /var/tmp.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
root=$(readlink -f "$here/..")
engine="" install=0 keep=0
while [ $# -gt 0 ]; do
	case $1 in
		--install) install=1 ;;
		--keep) keep=1 ;;
		--engine) engine=$2; shift ;;
		*) sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
	esac
	shift
done
say() { echo "== $* (${SECONDS} s)"; }
die() { echo "verify.sh: $*" >&2; exit 1; }

[ "$(id -u)" = 0 ] || die "run it as root: the containers are to use the kernel's BPF"
has() { command -v "$1" > /dev/null; }
choose_engine() {
	if has podman; then engine=podman; elif has docker && docker info > /dev/null 2>&1; then engine=docker; fi
}
[ -n "$engine" ] || choose_engine
if [ -z "$engine" ] && [ $install = 1 ]; then
	"$root/.ci/install" "$here/packages" || die "no engine, and none could be installed"
	choose_engine
fi
[ -n "$engine" ] || die "there is neither podman nor a running docker: apt-get install $(grep -v '^#' "$here/packages" | tr '\n' ' '), or --install"
has debootstrap || { [ $install = 1 ] && "$root/.ci/install" "$here/packages"; } || die "debootstrap is missing: apt-get install debootstrap"
has python3 || die "python3 is missing: apt-get install python3"
dotnet_root=$(dirname "$(readlink -f "$(command -v dotnet)")") || die "the .NET SDK is missing"

work=$(mktemp -d "${VERIFY_WORK:-/var/tmp}/libbpfsharp-verify.XXXXXX")
chains_before=$(iptables-save 2> /dev/null | grep -oE '^:(NETAVARK|CNI|DOCKER)[^ ]*' | sort || true)
podman_cgroups() { find /sys/fs/cgroup -depth -type d -path '*/libpod_parent*' 2> /dev/null || true; }
cgroups_before=$(podman_cgroups)
made=()

if [ "$engine" = podman ]; then
	# A store and settings of its own. runc and cgroupfs: crun refuses hybrid cgroups, and there may be no systemd; the limits
	# are what a machine without CAP_SYS_RESOURCE can set. No network of its own, so no bridge and no iptables chains.
	limit() { local most; most=$(ulimit -H "-$1"); if [ "$most" = unlimited ] || [ "$most" -gt "$2" ]; then most=$2; fi; echo "$most"; }
	cat > "$work/containers.conf" <<-END
		[containers]
		pids_limit = 0
		default_ulimits = ["nofile=$(limit n 20000):$(limit n 20000)", "nproc=$(limit u 32768):$(limit u 32768)"]
		[engine]
		$(if has runc; then echo 'runtime = "runc"'; fi)
		cgroup_manager = "cgroupfs"
		events_logger = "file"
		[network]
		network_backend = "netavark"
	END
	export CONTAINERS_CONF="$work/containers.conf"
	e() { podman --root "$work/store" --runroot "$work/run" --tmpdir "$work/tmp" "$@" 2> >(grep -v 'CNI plugin' >&2); }
else
	e() { docker "$@"; }
fi

cleanup() {
	local code=$? image chain
	trap - EXIT INT TERM
	if [ $keep = 1 ]; then
		echo "verify.sh: kept $work"
		exit "$code"
	fi
	if [ "$engine" = podman ]; then
		e rm -fa > /dev/null 2>&1 || true
		e rmi -fa > /dev/null 2>&1 || true
		# The parent of its containers' cgroups, which podman leaves; one in use cannot be removed.
		[ -n "$cgroups_before" ] || podman_cgroups | xargs -r rmdir 2> /dev/null || true
	else
		e ps -aq --filter label=libbpfsharp.verify | xargs -r docker rm -f > /dev/null 2>&1 || true
		for image in "${made[@]}"; do docker rmi -f "$image" > /dev/null 2>&1 || true; done
	fi
	awk -v work="$work/" 'index($2, work) == 1 { print $2 }' /proc/self/mounts | sort -r | xargs -r umount -l || true
	rm -rf "$work"
	for chain in $(iptables-save 2> /dev/null | grep -oE '^:(NETAVARK|CNI|DOCKER)[^ ]*' | sort || true); do
		grep -qxF -- "$chain" <<< "$chains_before" || { echo "verify.sh: left behind: iptables chain ${chain#:}" >&2; code=1; }
	done
	if [ -e "$work" ]; then echo "verify.sh: left behind: $work" >&2; code=1; fi
	say "$([ "$code" = 0 ] && echo "success" || echo "FAILED") with $engine, everything made is removed"
	exit "$code"
}
trap cleanup EXIT INT TERM
say "engine: $engine, $(e --version)"

# --- base images under the names that the Dockerfiles ask for -------------------------------------------------------
sdk_image=$(sed -n 's/^ARG SDK_IMAGE=//p' "$root/Dockerfile")
runtime_image=$(sed -n 's/^ARG RUNTIME_IMAGE=//p' "$root/Dockerfile")
[ "$(sed -n 's/^ARG SDK_IMAGE=//p' "$here/Dockerfile.ci")" = "$sdk_image" ] || die "the Dockerfiles name different SDK images"
for image in "$sdk_image" "$runtime_image"; do
	if e image inspect "$image" > /dev/null 2>&1; then die "this machine has an image $image, which this script would replace; remove it, or build with it"; fi
done

make_base() {
	local codename source packages
	codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
	source=$(apt-get indextargets --format '$(SITE) $(CODENAME)' 'Created-By: Packages' | awk -v name="$codename" '$2 == name { print $1; exit }')
	[ -n "$source" ] || die "apt has no package source for $codename: run apt-get update"
	# What the .NET host and the SDK load.
	packages="ca-certificates,libstdc++6,zlib1g,tzdata,$(apt-cache pkgnames | grep -E '^lib(icu[0-9]+|ssl[0-9.]+(t64)?)$' | sort -V | tr '\n' ',')"
	debootstrap --variant=minbase --include="${packages%,}" "$codename" "$work/base" "$source" > "$work/debootstrap.log" 2>&1 \
		|| { tail -n 20 "$work/debootstrap.log" >&2; die "debootstrap failed"; }
	# The machine's certificates and package source are what works here; a real base image has its own.
	cp /etc/resolv.conf "$work/base/etc/resolv.conf"
	mkdir -p "$work/base/usr/local/share/ca-certificates" "$work/base/root/.nuget/NuGet"
	cp /usr/local/share/ca-certificates/*.crt "$work/base/usr/local/share/ca-certificates/" 2> /dev/null || true
	cp "$HOME/.nuget/NuGet/NuGet.Config" "$work/base/root/.nuget/NuGet/" 2> /dev/null || true
	chroot "$work/base" update-ca-certificates > /dev/null 2>&1
	rm -rf "$work/base/var/lib/apt/lists" "$work/base/var/cache/apt/archives"
	mkdir -p "$work/base/var/lib/apt/lists/partial" "$work/base/var/cache/apt/archives/partial" "$work/base/usr/share/dotnet"
	ln -sf /usr/share/dotnet/dotnet "$work/base/usr/bin/dotnet"
	mount --bind "$dotnet_root" "$work/base/usr/share/dotnet"
}
import() {
	local name=$1
	shift
	tar -C "$work/base" "$@" -c . | e import \
		--change 'CMD ["bash"]' --change 'ENV DOTNET_RUNNING_IN_CONTAINER=true' --change 'ENV DOTNET_NOLOGO=1' \
		--change 'ENV DOTNET_CLI_TELEMETRY_OPTOUT=1' --change "ENV NUGET_CERT_REVOCATION_MODE=${NUGET_CERT_REVOCATION_MODE:-online}" - "$name" > /dev/null 2> "$work/import.log" \
		|| { cat "$work/import.log" >&2; die "import of $name failed"; }
	made+=("$name")
}
make_base
say "base made"
import "$sdk_image"
import "$runtime_image" --exclude=./usr/share/dotnet/sdk --exclude=./usr/share/dotnet/sdk-manifests --exclude=./usr/share/dotnet/packs \
	--exclude=./usr/share/dotnet/templates --exclude=./usr/share/dotnet/shared/Microsoft.AspNetCore.App --exclude=./root/.nuget
umount "$work/base/usr/share/dotnet"
rm -rf "$work/base"
say "imported as $sdk_image and $runtime_image"

# --- our Dockerfiles, unchanged, on a copy of the tree ---------------------------------------------------------------
mkdir -p "$work/src" "$work/results"
git -C "$root" ls-files -z --cached --others --exclude-standard | (cd "$root" && xargs -0 sh -c 'for f; do [ ! -e "$f" ] || printf "%s\0" "$f"; done' sh | tar -c --null -T -) | tar -x -C "$work/src"
pull=--pull=never
if [ "$engine" = docker ]; then pull=--pull=false; fi
build() {
	local name=$1
	shift
	e build "$pull" --network host -t "$name" "$@" "$work/src" > "$work/build.log" 2>&1 || { tail -n 40 "$work/build.log" >&2; die "the build of $name failed"; }
	made+=("$name")
	say "built $name, $(e image inspect --format '{{.Size}}' "$name" | awk '{ printf "%.0f", $1 / 1e6 }') MB"
}
build libbpfsharp-agent
build libbpfsharp-ci -f "$work/src/docker/Dockerfile.ci"
tests=artifacts/bin/LibbpfSharp.IntegrationTests/debug/LibbpfSharp.IntegrationTests
run() { e run --rm --label libbpfsharp.verify=1 "$@"; }
run --network host -v "$work/src:/src" -e RunAnalyzers=false libbpfsharp-ci dotnet build tests/integration -maxcpucount:2 -v q -nologo > "$work/build.log" 2>&1 \
	|| { tail -n 40 "$work/build.log" >&2; die "the build of the integration tests failed"; }
say "built the integration tests in libbpfsharp-ci"

# --- containers -------------------------------------------------------------------------------------------------------
failed=()
privileged=(--privileged)
if ! run --network none --privileged libbpfsharp-ci true > /dev/null 2>&1; then
	# An engine asks for every capability that it knows; a machine may lack CAP_SYS_RESOURCE.
	privileged=(--cap-add ALL --cap-drop SYS_RESOURCE --security-opt seccomp=unconfined --security-opt apparmor=unconfined -v /sys:/sys)
	echo "--privileged is refused here; instead: ${privileged[*]}"
fi
three=(--cap-drop ALL --cap-add BPF --cap-add PERFMON --cap-add NET_ADMIN)
if ! run --network none "${three[@]}" libbpfsharp-ci true > /dev/null 2>&1; then
	three=(--cap-drop ALL --cap-add NET_ADMIN --cap-add SYS_ADMIN)
	echo "$engine does not know CAP_BPF and CAP_PERFMON; instead: ${three[*]}"
fi
unconfined=("${three[@]}" --security-opt seccomp=unconfined)
with_admin=("${three[@]}" --cap-add SYS_ADMIN)
binds=(-v /sys/fs/bpf:/sys/fs/bpf -v /sys/kernel/tracing:/sys/kernel/tracing)
# Tests of this machine and of containers touch one kernel, and take turns by this file.
lock=/tmp/libbpfsharp-tests.lock
[ -e "$lock" ] || install -m 0644 /dev/null "$lock"
binds+=(-v "$lock:$lock")

# run_tests NAME OPTIONS...: the integration tests; the result goes to results/NAME.trx.
run_tests() {
	local name=$1 code=0
	shift
	# BPF programs see the host's process ids, and the tests compare them with their own.
	run --network none --pid host -v "$work/src:/src" -v "$work/results:/results" "$@" libbpfsharp-ci "$tests" -noColor -trx "/results/$name.trx" > "$work/results/$name.log" 2>&1 || code=$?
	[ -s "$work/results/$name.trx" ] || { tail -n 20 "$work/results/$name.log" >&2; die "the tests in container '$name' gave no result (exit code $code)"; }
	if [ $code != 0 ]; then
		grep -A 6 '\[FAIL\]' "$work/results/$name.log" | head -n 60
		failed+=("tests in container '$name'")
	fi
	say "tests, $name: $(python3 "$root/tests/results.py" "$work/results/$name.trx" "$work/results/none.trx")"
}

# run_sample NAME KERNEL OPTIONS...: the agent's image; it must not run as root, name the kernel, and count something.
run_sample() {
	local name=$1 kernel=$2 output
	shift 2
	output=$(run --network none "$@" libbpfsharp-agent 2>&1) || true
	if ! grep -q "^Running on $kernel" <<< "$output" || ! grep -qE '[1-9][0-9]*[[:space:]]*$' <<< "$output"; then
		echo "$output"
		failed+=("sample in container '$name'")
	fi
	[ "$(run --network none "$@" --entrypoint id libbpfsharp-agent -u)" != 0 ] || failed+=("the sample in container '$name' is root")
	say "sample, $name: $(grep '^Running on' <<< "$output")"
}

run_tests none --cap-drop ALL
run_sample none "emulated kernel" --cap-drop ALL
run_sample "capabilities, seccomp unconfined" Linux "${unconfined[@]}"
run_sample "capabilities and SYS_ADMIN, the engine's seccomp profile" Linux "${with_admin[@]}"
run_sample "capabilities, read-only, own user" Linux "${unconfined[@]}" --read-only --tmpfs /tmp
run_sample privileged Linux "${privileged[@]}"
run_tests capabilities "${with_admin[@]}" "${binds[@]}"
# Nothing is bound here: the entry point of the CI image mounts bpffs and tracefs.
run_tests privileged "${privileged[@]}" -v "$lock:$lock" -e LIBBPFSHARP_REQUIRE_KERNEL=1
python3 "$root/tests/results.py" "$work/results/privileged.trx" | grep -q '(0 for want of privilege)' || failed+=("tests were skipped for want of privilege in the privileged container")

for each in "${failed[@]}"; do echo "FAILED: $each"; done
[ ${#failed[@]} -eq 0 ]
