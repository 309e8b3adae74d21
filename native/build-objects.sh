#!/bin/sh
# Compiles every *.bpf.c of native/, samples/ and tests/objects/ into the .bpf.o beside it, which is kept in the repository so that
# building and testing need no clang.
#   native/build-objects.sh [FILE.bpf.c ...]   compiles these, or all
#   native/build-objects.sh --check            compiles all elsewhere and fails if a kept object is missing or differs
# Objects depend on clang's version: they are made, and checked, with the one named here.
set -eu

version=14
root=$(cd "$(dirname "$0")/.." && pwd)
clang=${CLANG:-clang}
strip=${LLVM_STRIP:-llvm-strip}

check=no
if [ "${1:-}" = --check ]; then
	check=yes
	shift
fi

if ! found=$("$clang" -dumpversion 2>/dev/null); then
	echo "build-objects: '$clang' is not there; install clang and llvm (Debian: apt-get install clang llvm libbpf-dev)" >&2
	exit 2
fi
if [ "${found%%.*}" != "$version" ]; then
	echo "build-objects: the kept objects are made with clang $version, '$clang' is $found" >&2
	[ $check = no ] || exit 2
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

multiarch=$("$clang" -print-multiarch 2>/dev/null || true)
[ -n "$multiarch" ] || multiarch=$(gcc -print-multiarch 2>/dev/null || echo x86_64-linux-gnu)

compile() { # SOURCE OBJECT
	# Paths must not get into the object: compile from the source's folder, by its name.
	(cd "$(dirname "$1")" && "$clang" -g -O2 -target bpf -mcpu=v3 -D__TARGET_ARCH_x86 -I"$root/native" \
		-idirafter "/usr/include/$multiarch" -fdebug-compilation-dir=. -Wall -Werror -c "$(basename "$1")" -o "$2")
	"$strip" -g "$2"
}

if [ $# -eq 0 ]; then
	if [ $check = yes ]; then "$root/native/build-btf.sh" --check; else "$root/native/build-btf.sh"; fi
	set -- "$root"/native/*.bpf.c "$root"/samples/*/*.bpf.c "$root"/tests/objects/*.bpf.c "$root"/tests/objects/skeleton/*.bpf.c \
		"$root"/tests/objects/differential/*.bpf.c "$root"/tests/build/objects/*.bpf.c
fi

count=0
wrong=0
for source; do
	[ -e "$source" ] || continue
	source=$(cd "$(dirname "$source")" && pwd)/$(basename "$source")
	object=${source%.c}.o
	count=$((count + 1))
	compile "$source" "$scratch/object.o"
	if [ $check = no ]; then
		cmp -s "$scratch/object.o" "$object" || cp "$scratch/object.o" "$object"
	elif [ ! -e "$object" ]; then
		echo "build-objects: $object is missing" >&2
		wrong=$((wrong + 1))
	elif ! cmp -s "$scratch/object.o" "$object"; then
		echo "build-objects: $object is not what its source compiles to" >&2
		wrong=$((wrong + 1))
	fi
done

if [ $check = yes ]; then
	echo "build-objects: $count checked, $wrong wrong"
	[ "$wrong" -eq 0 ] && [ "$count" -gt 0 ]
else
	echo "build-objects: $count compiled"
fi
