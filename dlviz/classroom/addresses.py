"""Under which address the others in the room reach this computer. Asks this computer alone. Knows no class."""
from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit, urlunsplit

ANYWHERE = "10.255.255.255"  # nothing is sent there: a datagram's socket only picks the card that it would take


def lan_address() -> str | None:
    """This computer's address in its network, '192.168.1.20'; None where it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((ANYWHERE, 1))
            found = probe.getsockname()[0]
        except OSError:
            return None
    return None if ipaddress.ip_address(found).is_loopback or found == "0.0.0.0" else found


def is_own(host: str) -> bool:
    """Whether this name leads each computer to itself."""
    if host in ("localhost", "0.0.0.0", "::", ""):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def reachable(url: str) -> str:
    """The address of a page as others have to type it: with this computer's address where it says `localhost`."""
    parts = urlsplit(url)
    host = lan_address() if is_own(parts.hostname or "") else None
    if host is None:
        return url
    return urlunsplit(parts._replace(netloc=f"{host}:{parts.port}" if parts.port else host))
