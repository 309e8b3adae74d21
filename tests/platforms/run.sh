#!/bin/bash
# run.sh [--fast] [compile|publish]
# compile: the projects below src for platforms that are not at hand (linux-arm64, win-x64, osx-arm64), warnings as errors.
# publish: the sample trimmed, trimmed without the emulator, and ready-to-run; each is run on Linux and without privilege.
# Without an argument both. In a copy of the tree. --fast leaves the analyzers out, which say the same for every platform.
# As root for publish. Last line: 'N passed, N failed'. What this proves and what not: docs/hosts.md.
set -u -o pipefail
here=$(dirname "$(readlink -f "$0")")
root=$(readlink -f "$here/../..")
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
unset LIBBPFSHARP_KERNEL LIBBPFSHARP_LIBBPF
if [ "${1:-}" = --fast ]; then export RunAnalyzers=false; shift; fi
case ${1:-all} in all | compile | publish) what=${1:-all} ;; *) sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2 ;; esac

copy=$(mktemp -d "${TMPDIR:-/tmp}/libbpfsharp-platforms.XXXXXX")
trap 'rm -rf "$copy"' EXIT
(cd "$root" && git ls-files -z --cached --others --exclude-standard | xargs -0 ls -d 2> /dev/null | tar -c -T -) | tar -x -C "$copy" || exit 1
cd "$copy" || exit 1

passed=0 failed=0
# verdict CODE TEXT [OUTPUT]
verdict() {
	if [ "$1" = 0 ]; then
		passed=$((passed + 1))
		echo "ok: $2"
	else
		failed=$((failed + 1))
		echo "FAILED: $2"
		[ -z "${3:-}" ] || printf '%s\n' "$3" | tail -n 30 | sed 's/^/    | /'
	fi
}

compile() {
	local rid project output begin
	for rid in linux-arm64 win-x64 osx-arm64; do
		for project in src/*/*.csproj; do
			begin=$SECONDS
			output=$(dotnet build "$project" -r "$rid" --no-self-contained -p:UseAppHost=false -warnaserror -maxcpucount:2 -v q -nologo 2>&1)
			verdict $? "$project for $rid ($((SECONDS - begin)) s)" "$output"
		done
	done
}

# runs NAME PATTERN WANTED COMMAND...: the output has a line like the pattern, and the exit code is as wanted.
runs() {
	local name=$1 pattern=$2 wanted=$3 output code
	shift 3
	output=$("$@" 2>&1 < /dev/null)
	code=$?
	grep -qE -- "$pattern" <<< "$output" && [ $code = "$wanted" ]
	verdict $? "$name: exit code $code, $(grep -E -- "$pattern" <<< "$output" | head -n 1)" "$output"
}

# published NAME OPTIONS...: the sample, published to out/NAME.
published() {
	local name=$1 output begin=$SECONDS
	shift
	# What the trimmer left of the publish before would be taken for this one's.
	rm -rf artifacts/obj/LogSyscalls
	output=$(dotnet publish samples/LogSyscalls -c Release -r linux-x64 -o "out/$name" -v q -nologo "$@" 2>&1)
	verdict $? "publish $name ($((SECONDS - begin)) s), $(du -sm "out/$name" | cut -f1) MB, LibbpfSharp.Emulator.dll $(du -k "out/$name/LibbpfSharp.Emulator.dll" 2> /dev/null | cut -f1 | sed 's/$/ KB/' | grep . || echo absent)" "$output"
}

publish() {
	local unprivileged=(setpriv --bounding-set=-all --inh-caps=-all) name
	export RunAnalyzers=false
	published trimmed --self-contained -p:PublishTrimmed=true
	published trimmed-without-emulator --self-contained -p:PublishTrimmed=true "-p:CustomAfterMicrosoftCommonTargets=$copy/tests/platforms/without-emulator.targets"
	published ready-to-run --no-self-contained -p:PublishReadyToRun=true
	for name in trimmed trimmed-without-emulator ready-to-run; do
		runs "$name on Linux" '^Running on Linux .*' 0 "out/$name/LogSyscalls"
		runs "$name without libbpf" '^Running on Linux .*managed loader' 0 env LIBBPFSHARP_LIBBPF=/nonexistent "out/$name/LogSyscalls"
	done
	for name in trimmed ready-to-run; do
		runs "$name without privilege" '^Running on emulated kernel' 0 "${unprivileged[@]}" "out/$name/LogSyscalls"
	done
	[ ! -e out/trimmed-without-emulator/LibbpfSharp.Emulator.dll ] && [ -e out/trimmed/LibbpfSharp.Emulator.dll ]
	verdict $? "the emulator is in the one trimmed publish and not in the other"
	! grep -qra 'EmulatedKernel' out/trimmed-without-emulator/*.dll
	verdict $? "no assembly of the publish without the emulator knows its type"
	runs "without privilege and emulator" 'built without the emulated kernel.*CAP_BPF' 1 "${unprivileged[@]}" out/trimmed-without-emulator/LogSyscalls
}

[ "$what" = publish ] || compile
[ "$what" = compile ] || publish
echo "$passed passed, $failed failed"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
