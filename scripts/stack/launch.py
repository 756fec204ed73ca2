"""Become the command given, as a child that never outlives its parent.

`python -I -S launch.py PARENT_PID SIGNAL UID GID READ_ALL COMMAND…`: asks the kernel to send SIGNAL when the parent
dies, however it dies, gives up root for UID:GID (unless 0), then replaces itself by the command. A program of its own,
not a `preexec_fn`, because code between fork and exec is not safe beside threads.

READ_ALL 1 keeps one capability of root, that of reading through folders which are closed to others: Postgres refuses
to run as root, and a checkout below /root is closed to everybody else.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1
PR_SET_SECUREBITS = 28
SECBIT_NO_SETUID_FIXUP = 4
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAP_DAC_READ_SEARCH = 2
CAPABILITY_VERSION_3 = 0x20080522


def main() -> None:
    """Read the arguments and become the command; exits 126 with a sentence when something is refused."""
    parent, signal, uid, gid, read_all = (int(text) for text in sys.argv[1:6])
    command = sys.argv[6:]
    libc = ctypes.CDLL(None, use_errno=True)
    if uid:
        drop_root(libc, uid, gid, read_all=bool(read_all))
    if sys.platform == "linux":
        checked(libc.prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0))  # after the change of user, which clears it
        if os.getppid() != parent:
            sys.exit("the parent process has already ended")
    os.execvp(command[0], command)  # noqa: S606  (no shell is wanted)


def drop_root(libc: ctypes.CDLL, uid: int, gid: int, *, read_all: bool) -> None:
    """Become `uid`:`gid` for good, with the capability to read through closed folders or with none."""
    if read_all:
        # Capabilities stay as they are when the user changes, and access(2), by which initdb looks for its programs,
        # respects them.
        checked(libc.prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0))
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    if read_all:
        bit = 1 << CAP_DAC_READ_SEARCH
        header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
        sets = (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0)  # effective, permitted, inheritable; then the high words
        checked(libc.capset(header, sets))
        checked(libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_READ_SEARCH, 0, 0))


def checked(result: int) -> None:
    """Stop where a call of the C library was refused."""
    if result != 0:
        sys.stderr.write(f"cannot prepare the child process: {os.strerror(ctypes.get_errno())}\n")
        sys.exit(126)


if __name__ == "__main__":
    main()
