#!/bin/bash
# What the skeleton adds to a build of the sample: milliseconds in the targets of LibbpfSharp.Skeleton, as MSBuild measures
# them, in builds that make object and class anew and in builds that find everything up to date.
#   benchmarks/skeleton-build.sh [BUILDS]
set -eu -o pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
builds=${1:-5}
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

build() { # prints: milliseconds of the Bpf targets, milliseconds of the whole build
	local begin end log
	begin=$(date +%s%N)
	log=$(dotnet build samples/LogSyscalls --no-restore -p:BuildProjectReferences=false -nologo -v q -tl:off -clp:PerformanceSummary)
	end=$(date +%s%N)
	awk -v whole=$(((end - begin) / 1000000)) '
		/^Target Performance Summary/ { targets = 1; next }
		/^Task Performance Summary/ { targets = 0 }
		targets && $3 ~ /^Bpf/ { sum += $1 }
		END { print sum + 0, whole }' <<<"$log"
}

dotnet build samples/LogSyscalls -nologo -v q >/dev/null
for kind in cold untouched; do
	for ((i = 0; i < builds; i++)); do
		if [ $kind = cold ]; then rm -rf artifacts/obj/LogSyscalls/*/bpf; fi
		build
	done | sort -n | awk -v kind=$kind '{ bpf[NR] = $1; whole[NR] = $2 } END { printf "%s: median of %d builds: %d ms in the targets of the skeleton; fastest %d, slowest %d\n", kind, NR, bpf[int((NR + 1) / 2)], bpf[1], bpf[NR] }'
done
