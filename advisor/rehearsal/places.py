"""Where the private Postfix has its files: in memory that only its own mount namespace has."""

from pathlib import Path

ROOT = Path("/run/rehearsal")
CONFIG, QUEUE, DATA, LOG = (ROOT / name for name in ("etc", "queue", "data", "mail.log"))
