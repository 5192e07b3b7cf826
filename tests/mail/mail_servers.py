"""Real servers on loopback: how a dovecot is set up, where mail is put for it."""

import os
import pwd
import socket
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Certificate:
    cert: Path
    key: Path


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@dataclass(frozen=True)
class Dovecot:
    """A running dovecot: any user may sign in with the password."""

    port: int
    tls_port: int
    folder: Path
    owner: int
    password: str = "geheim"

    def deliver(self, user: str, raw: bytes, name: str) -> None:
        """Puts a mail into a maildir as an MTA does: written aside, then renamed into new/."""
        box = self.folder / "mail" / user
        for part in ("tmp", "new", "cur"):
            (box / part).mkdir(parents=True, exist_ok=True)
        for path in (box, *box.iterdir()):
            if os.geteuid() == 0:
                os.chown(path, self.owner, -1)
        (box / "tmp" / name).write_bytes(raw)
        if os.geteuid() == 0:
            os.chown(box / "tmp" / name, self.owner, -1)
        (box / "tmp" / name).rename(box / "new" / name)


def dovecot_config(folder: Path, server: Dovecot, certificate: Certificate) -> str:
    """Everything in one folder, every process as one user where we are not root."""
    who = pwd.getpwuid(server.owner).pw_name
    ours = "" if os.geteuid() == 0 else f"default_internal_user={who}\ndefault_login_user={who}\n"
    return f"""{ours}
base_dir={folder}/run
state_dir={folder}/state
log_path={folder}/log
protocols=imap
listen=127.0.0.1
ssl=yes
ssl_cert=<{certificate.cert}
ssl_key=<{certificate.key}
disable_plaintext_auth=no
mail_location=maildir:{folder}/mail/%u
first_valid_uid=1
first_valid_gid=0
passdb {{
  driver=static
  args=password={server.password}
}}
userdb {{
  driver=static
  args=uid={server.owner} gid={pwd.getpwuid(server.owner).pw_gid} home={folder}/mail/%u
}}
service imap-login {{
  chroot=
  inet_listener imap {{
    port={server.port}
  }}
  inet_listener imaps {{
    port={server.tls_port}
    ssl=yes
  }}
}}
service anvil {{
  chroot=
}}
"""


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until something listens there, or the process has died."""
    ticks = threading.Event()  # nothing sets it: waiting on it is a pause that ends
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert process.poll() is None, "dovecot did not start"
            ticks.wait(0.05)
        else:
            return
    pytest.fail("dovecot does not answer")
