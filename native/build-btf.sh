#!/bin/sh
# Compiles native/emulator/emulator_vmlinux.c into the BTF that ships with the emulated kernel, which is kept in the repository.
#   native/build-btf.sh            makes src/Emulator/Btf/emulator_vmlinux.btf
#   native/build-btf.sh --check    fails if the kept file is not what the source compiles to
# It depends on clang's version like the objects (build-objects.sh).
set -eu

version=14
root=$(cd "$(dirname "$0")/.." && pwd)
clang=${CLANG:-clang}
objcopy=${LLVM_OBJCOPY:-llvm-objcopy}
kept=$root/src/Emulator/Btf/emulator_vmlinux.btf

if ! found=$("$clang" -dumpversion 2>/dev/null); then
	echo "build-btf: '$clang' is not there; install clang and llvm (Debian: apt-get install clang llvm)" >&2
	exit 2
fi
if [ "${found%%.*}" != "$version" ]; then
	echo "build-btf: the kept BTF is made with clang $version, '$clang' is $found" >&2
	[ "${1:-}" != --check ] || exit 2
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

cd "$root/native/emulator"
"$clang" -g -O2 -target bpf -fdebug-compilation-dir=. -Wall -Werror -Wno-int-conversion -c emulator_vmlinux.c -o "$scratch/emulator_vmlinux.o"
"$objcopy" --dump-section .BTF="$scratch/emulator_vmlinux.btf" "$scratch/emulator_vmlinux.o"

if [ "${1:-}" = --check ]; then
	if ! cmp -s "$scratch/emulator_vmlinux.btf" "$kept"; then
		echo "build-btf: $kept is not what its source compiles to; run native/build-btf.sh" >&2
		exit 1
	fi
	echo "build-btf: checked"
else
	cmp -s "$scratch/emulator_vmlinux.btf" "$kept" || cp "$scratch/emulator_vmlinux.btf" "$kept"
	echo "build-btf: $(wc -c <"$kept") bytes"
fi
