#!/bin/bash
# test.sh KERNEL [ARGUMENTS OF THE TEST EXECUTABLE...]
# Runs the integration tests under another kernel: builds here, runs the test executable in the guest (guest.sh), and ends
# with the executable's exit code. KERNEL is as for guest.sh, or "host" for the kernel that runs here.
# Leaves artifacts/vm/results-KERNEL.trx and .release (the kernel's name), of which tests/vm/table.py makes the table.
#   GUEST_NO_BUILD=1  the tests are built already      GUEST_TIMEOUT  seconds (1200)
set -euo pipefail
[ $# -ge 1 ] || { sed -n '2,6s/^# \{0,1\}//p' "$0" >&2; exit 2; }
here=$(dirname "$(readlink -f "$0")")
root=$(readlink -f "$here/../..")
series=$1; shift
cd "$root"
[ "${GUEST_NO_BUILD:-}" = 1 ] || dotnet build -v q -nologo -maxcpucount:2 -c Debug tests/integration >&2
tests=artifacts/bin/LibbpfSharp.IntegrationTests/debug/LibbpfSharp.IntegrationTests
mkdir -p artifacts/vm
kept=$(mktemp -d "$root/artifacts/vm/results.XXXXXX")
trap 'rm -rf "$kept"' EXIT
code=0
export LIBBPFSHARP_REQUIRE_KERNEL=1
if [ "$series" = host ]; then
	uname -r > "$kept/release"
	timeout "${GUEST_TIMEOUT:-1200}" "$tests" -trx "$kept/results.trx" -noColor "$@" || code=$?
else
	GUEST_KEEP=$kept GUEST_TIMEOUT=${GUEST_TIMEOUT:-1200} "$here/guest.sh" "$series" \
		"uname -r > \$GUEST_JOB/release; modprobe -a veth sch_ingress cls_bpf; $tests -trx \$GUEST_JOB/results.trx -noColor $([ $# = 0 ] || printf "%q " "$@")" || code=$?
fi
for kind in trx release; do
	rm -f "artifacts/vm/results-$series.$kind"
	file=$kept/results.$kind
	[ $kind = trx ] || file=$kept/release
	[ ! -e "$file" ] || cp "$file" "artifacts/vm/results-$series.$kind"
done
exit "$code"
