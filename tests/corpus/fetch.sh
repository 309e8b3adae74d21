#!/bin/sh
# Fetches Debian packages that ship BPF objects and extracts the objects into tests/corpus/objects/ (not part of the repository):
# real programs, written by others, that tests read and load.
#   tests/corpus/fetch.sh [DIRECTORY]     default: tests/corpus/objects
# Objects are taken as files and out of executables that embed them (libbpf skeletons). Needs apt-get, dpkg-deb and perl.
set -eu

packages="libxdp1 xdp-tests xdp-tools libbpf-tools libknot13 pcp golang-github-cilium-ebpf-dev"
out=${1:-$(cd "$(dirname "$0")" && pwd)/objects}

for tool in apt-get dpkg-deb perl; do
	command -v $tool >/dev/null || { echo "corpus: $tool is not there; the corpus is made of Debian packages" >&2; exit 2; }
done

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
chmod 755 "$scratch"

# apt's sandbox user may not write here; it is told to stay root.
download() {
	(cd "$scratch" && apt-get -qq -o APT::Sandbox::User=root download $packages)
}
download || { apt-get -qq update && download; } || {
	echo "corpus: apt-get cannot download $packages" >&2
	exit 1
}
for package in "$scratch"/*.deb; do
	dpkg-deb -x "$package" "$scratch/root"
done

rm -rf "$out"
mkdir -p "$out"
find "$scratch/root" -type f -print | LC_ALL=C sort | perl -e '
	use strict; use warnings;
	my $out = shift; my %used; my %seen; my $count = 0; my $same = 0;

	# Length of the little-endian 64-bit ELF file for BPF (machine 247) at an offset: up to the end of its section table. 0 if there is none.
	sub image { my ($b, $o) = @_;
		return 0 if length($$b) - $o < 64 || substr($$b, $o, 6) ne "\x7fELF\x02\x01";
		return 0 if unpack("v", substr($$b, $o + 18, 2)) != 247;
		my $table = unpack("Q<", substr($$b, $o + 40, 8));
		my ($size, $entries) = unpack("vv", substr($$b, $o + 58, 4));
		my $end = $table + $size * $entries;
		return $size == 64 && $entries > 0 && $end <= length($$b) - $o ? $end : 0;
	}
	sub save { my ($name, $bytes) = @_;
		if ($seen{$bytes}++) { $same++; return; }
		$name =~ s/(\.bpf)?\.o$//; $name =~ s/[^A-Za-z0-9_.-]/_/g;
		$name = $used{$name}++ ? "$name-$used{$name}" : $name;
		open(my $f, ">:raw", "$out/$name.bpf.o") or die "$name: $!"; print $f $bytes; close($f) or die "$name: $!"; $count++;
	}
	while (my $path = <STDIN>) { chomp $path;
		open(my $f, "<:raw", $path) or die "$path: $!"; local $/; my $b = <$f>; close $f; $/ = "\n";
		next if !defined $b || substr($b, 0, 4) ne "\x7fELF";
		my ($base) = $path =~ m{([^/]+)$};
		if (my $size = image(\$b, 0)) { save($base, $b); next; }
		my $at = 1; my $n = 0;
		while (($at = index($b, "\x7fELF", $at)) > 0) {
			my $size = image(\$b, $at);
			save($base . "__" . $n++, substr($b, $at, $size)) if $size;
			$at += $size || 4;
		}
	}
	print "corpus: $count objects in $out ($same more were copies)\n";
	exit($count ? 0 : 1);
' "$out"
