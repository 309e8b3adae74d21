#!/bin/bash
# guest.sh KERNEL COMMAND...
# Runs a command under another kernel, in a QEMU guest without hardware virtualisation, and returns its output and
# exit code. KERNEL is a series of Debian's kernel packages (6.1, 6.12), fetched with apt-get when missing.
# The command sees this machine's files; what it writes is lost, except below /job (printed as $GUEST_JOB here).
#   GUEST_TIMEOUT  seconds (900)   GUEST_MEMORY  MiB (4096)   GUEST_KEEP=DIR  copies /job to DIR afterwards
#   GUEST_ENV      names of more variables to pass            GUEST_APPEND    more kernel command line
# Exit code 125: the guest itself failed. Packages: qemu-system-x86 busybox-static kmod cpio.
set -euo pipefail
[ $# -ge 2 ] || { sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2; }
here=$(dirname "$(readlink -f "$0")")
work=${GUEST_WORK:-$(readlink -m "$here/../../artifacts/vm")}
series=$1; shift
mkdir -p "$work"
for tool in qemu-system-x86_64 busybox modprobe cpio; do
	command -v "$tool" > /dev/null || { echo "guest.sh: $tool is missing; install qemu-system-x86 busybox-static kmod cpio" >&2; exit 125; }
done

newest_package() {
	apt-cache pkgnames "linux-image-$series." | grep -E '^linux-image-[0-9.]+[0-9](-[0-9]+)?(\+deb[0-9]+)?-amd64$' | sort -V | tail -n 1
}

fetch_kernel() {
	local package folder
	package=$(newest_package) || { apt-get -qq update && package=$(newest_package); } || true
	[ -n "$package" ] || { echo "guest.sh: no kernel package of series $series in apt's sources" >&2; return 1; }
	folder=$(mktemp -d "$work/fetch.XXXXXX")
	echo "guest.sh: fetching $package" >&2
	(cd "$folder" && apt-get -qq -o APT::Sandbox::User=root -o Acquire::Retries=3 download "$package" && dpkg -x ./*.deb root) || { rm -rf "$folder"; return 1; }
	[ -d "$folder/root/lib/modules" ] || { mkdir -p "$folder/root/lib"; mv "$folder/root/usr/lib/modules" "$folder/root/lib/"; }
	mv "$folder/root" "$work/kernel-$series"
	rm -rf "$folder"
}

# Busybox and the modules that reach the host's files.
build_initramfs() {
	local root release module file
	release=$(basename "$kernel"/lib/modules/*)
	[ -e "$kernel/lib/modules/$release/modules.dep" ] || depmod -b "$kernel" "$release"
	root=$(mktemp -d "$work/initramfs.XXXXXX")
	mkdir -p "$root/bin" "$root/modules"
	cp "$(command -v busybox)" "$root/bin/busybox"
	cp "$here/init" "$root/init"
	chmod +x "$root/init"
	: > "$root/modules/load-order"
	for module in virtio_pci 9pnet_virtio 9p overlay; do
		for file in $(modprobe -S "$release" -d "$kernel" --show-depends "$module" 2> /dev/null | awk '$1 == "insmod" { print $2 }'); do
			case $file in
				*.xz) xz -dc "$file" > "$root/modules/$(basename "${file%.xz}")"; file=${file%.xz} ;;
				*) cp "$file" "$root/modules/" ;;
			esac
			grep -qx "$(basename "$file")" "$root/modules/load-order" || basename "$file" >> "$root/modules/load-order"
		done
	done
	(cd "$root" && find . | cpio -o -H newc --quiet | gzip -1) > "$initramfs.new"
	mv "$initramfs.new" "$initramfs"
	rm -rf "$root"
}

kernel=$work/kernel-$series
initramfs=$work/initramfs-$series.gz
{
	flock 9
	[ -d "$kernel" ] || fetch_kernel || exit 125
	[ "$initramfs" -nt "$here/init" ] && [ "$initramfs" -nt "$kernel/boot" ] || build_initramfs
} 9> "$work/lock"

job=$(mktemp -d "$work/job.XXXXXX")
trap 'rm -rf "$job"' EXIT
case $PWD/:$here/:$work/ in *:/tmp/* | /tmp/*) : > "$job/keep-tmp" ;; esac
echo "$kernel" > "$job/kernel"
{
	echo 'export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp GUEST_JOB=/job'
	for name in $(compgen -e | grep -E "^(DOTNET_|LANG|LIBBPFSHARP_${GUEST_ENV:+|$GUEST_ENV})"); do declare -p "$name" | sed 's/^declare -x/export/'; done
	echo 'ulimit -l unlimited'
	printf 'cd %q\n' "$PWD"
	printf '%s\n' "$*"
} > "$job/run"

# One thread for all CPUs: with a thread each, a CPU may run into the int3 of code that another has finished patching (the
# static calls of tracepoints that tests attach to), and the kernel panics.
code=0
timeout "${GUEST_TIMEOUT:-900}" qemu-system-x86_64 -accel tcg,thread=single -cpu max -M q35 -m "${GUEST_MEMORY:-4096}" -smp 2 \
	-nodefaults -no-user-config -no-reboot -display none -serial "file:$job/console" \
	-kernel "$kernel"/boot/vmlinuz-* -initrd "$initramfs" \
	-append "console=ttyS0 quiet loglevel=3 panic=-1 mitigations=off tsc=reliable ${GUEST_APPEND:-}" \
	-virtfs "local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap" \
	-virtfs "local,path=$job,mount_tag=job,security_model=none" \
	-device virtio-rng-pci > "$job/qemu" 2>&1 || code=$?
cat "$job/out" 2> /dev/null || true
cat "$job/err" >&2 2> /dev/null || true
[ -z "${GUEST_KEEP:-}" ] || { mkdir -p "$GUEST_KEEP"; cp -r "$job"/. "$GUEST_KEEP/"; }
if [ -e "$job/status" ]; then exit "$(cat "$job/status")"; fi
echo "guest.sh: the guest gave no result (qemu exit $code, 124 is the time limit)" >&2
tail -n 5 "$job/qemu" "$job/console" >&2 || true
exit 125
