#!/usr/bin/env python3
"""deny.py ERRNO CALL[,CALL...] COMMAND...

Runs a command with system calls that fail with an errno, by a seccomp filter, as container engines do it.
ERRNO is a name (EPERM, ENOSYS); CALL is bpf or perf_event_open, or a number.
"""
import ctypes
import errno
import os
import platform
import struct
import sys

# Audit architecture and call numbers (linux/audit.h, unistd.h).
MACHINES = {
    "x86_64": (0xC000003E, {"bpf": 321, "perf_event_open": 298}),
    "aarch64": (0xC00000B7, {"bpf": 280, "perf_event_open": 241}),
}
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, MODE_FILTER = 38, 22, 2
RET_ALLOW, RET_ERRNO = 0x7FFF0000, 0x00050000
LOAD_WORD, JUMP_EQUAL, RETURN = 0x20, 0x15, 0x06
OFFSET_NUMBER, OFFSET_ARCH = 0, 4


def build(error, calls):
    """Instructions of struct sock_filter: calls of another architecture pass, the denied ones get the errno."""
    arch, numbers = MACHINES[platform.machine()]
    denied = [numbers[call] if call in numbers else int(call) for call in calls]
    code = [(LOAD_WORD, 0, 0, OFFSET_ARCH), (JUMP_EQUAL, 0, 1 + 2 * len(denied), arch), (LOAD_WORD, 0, 0, OFFSET_NUMBER)]
    for number in denied:
        code += [(JUMP_EQUAL, 0, 1, number), (RETURN, 0, 0, RET_ERRNO | error)]
    code.append((RETURN, 0, 0, RET_ALLOW))
    return code


def install(code):
    packed = b"".join(struct.pack("HBBI", *instruction) for instruction in code)
    memory = ctypes.create_string_buffer(packed, len(packed))
    program = struct.pack("HxxxxxxQ", len(code), ctypes.addressof(memory))
    libc = ctypes.CDLL(None, use_errno=True)
    for arguments in ((PR_SET_NO_NEW_PRIVS, 1, 0), (PR_SET_SECCOMP, MODE_FILTER, program)):
        if libc.prctl(*arguments, 0, 0) != 0:
            sys.exit(f"deny.py: prctl {arguments[0]}: {os.strerror(ctypes.get_errno())}")


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    install(build(getattr(errno, sys.argv[1]), sys.argv[2].split(",")))
    os.execvp(sys.argv[3], sys.argv[3:])
