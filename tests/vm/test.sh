#!/bin/bash
# test.sh KERNEL [ARGUMENTS OF THE TEST EXECUTABLE...]
# Runs the integration tests under another kernel: builds here, runs the test executable in the guest (guest.sh),
# writes the results to artifacts/vm/results-KERNEL.trx and ends with the executable's exit code.
set -euo pipefail
[ $# -ge 1 ] || { sed -n '2,5s/^# \{0,1\}//p' "$0" >&2; exit 2; }
here=$(dirname "$(readlink -f "$0")")
root=$(readlink -f "$here/../..")
series=$1; shift
cd "$root"
[ "${GUEST_NO_BUILD:-}" = 1 ] || dotnet build -v q -nologo -maxcpucount:2 -c Debug tests/integration >&2
kept=$(mktemp -d "$root/artifacts/vm-results.XXXXXX")
trap 'rm -rf "$kept"' EXIT
code=0
export LIBBPFSHARP_REQUIRE_KERNEL=1
GUEST_KEEP=$kept GUEST_TIMEOUT=${GUEST_TIMEOUT:-1200} "$here/guest.sh" "$series" \
	"modprobe -a veth sch_ingress cls_bpf; artifacts/bin/LibbpfSharp.IntegrationTests/debug/LibbpfSharp.IntegrationTests -trx \$GUEST_JOB/results.trx -noColor $*" || code=$?
mkdir -p "$root/artifacts/vm"
[ ! -e "$kept/results.trx" ] || cp "$kept/results.trx" "$root/artifacts/vm/results-$series.trx"
exit "$code"
