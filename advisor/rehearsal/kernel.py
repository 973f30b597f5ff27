"""What the kernel is asked for inside the namespaces: mounts, and addresses on the loopback interface.

Knowledge: mount(2), netdevice(7), unix(7).
"""

import ctypes
import os
import socket
import struct
from fcntl import ioctl
from ipaddress import IPv4Interface
from pathlib import Path

_READ_ONLY, _REMOUNT, _BIND, _RECURSIVE, _PRIVATE = 1, 32, 4096, 16384, 1 << 18
_SET_FLAGS, _SET_ADDRESS, _SET_MASK = 0x8914, 0x8916, 0x891C
_UP = 1
_libc = ctypes.CDLL(None, use_errno=True)


def mount(source: str, target: str, kind: str = "", flags: int = 0, options: str = "") -> None:
    """Mounts a file system, or a file that is seen as another. Raises OSError."""
    if _libc.mount(source.encode(), target.encode(), kind.encode(), flags, options.encode()):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), target)


def memory_disk(target: str, size: int) -> None:
    """Covers a folder with an empty one in memory, of at most `size` bytes."""
    mount("tmpfs", target, "tmpfs", 0, f"size={size},mode=755")


def cover(target: Path, source: Path) -> None:
    """Lets a file be seen in the place of another."""
    mount(str(source), str(target), flags=_BIND)


def seal(kept: str) -> None:
    """Makes all that is mounted read-only, but for what is below `kept` and the kernel's own file systems.
    Devices can be written to all the same.
    """
    own = ("/proc", "/sys", "/dev/pts", kept)
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        target = line.split()[4].encode().decode("unicode_escape")
        if not any(target == each or target.startswith(each + "/") for each in own):
            mount("none", target, flags=_REMOUNT | _BIND | _READ_ONLY)


def have_addresses(networks: tuple[str, ...]) -> None:
    """Gives the loopback interface addresses with their networks, `192.0.2.25/24`; on it, each address of a
    network is the host's own.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        for number, own in enumerate(map(IPv4Interface, ("127.0.0.1/8", *networks))):
            name = f"lo:{number}" if number else "lo"
            for request, value in ((_SET_ADDRESS, own.ip), (_SET_MASK, own.netmask)):
                packed = struct.pack("HH4s8x", socket.AF_INET, 0, value.packed)
                ioctl(control, request, struct.pack("16s16s", name.encode(), packed))
            ioctl(control, _SET_FLAGS, struct.pack("16sH14x", name.encode(), _UP))


def cap_listen_queues(clients: int) -> None:
    """Lets no listen queue of this network namespace have more: net.core.somaxconn. Raises OSError."""
    Path("/proc/sys/net/core/somaxconn").write_text(f"{clients}\n")


def join(control_group: str) -> None:
    """Puts this process into a control group by its folder; nothing without one. Raises OSError."""
    if control_group:
        (Path(control_group) / "cgroup.procs").write_text("0")
