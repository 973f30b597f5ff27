"""SMTP sessions: a client waits for a process, or gives up; what it does decides how long it holds one."""

from dataclasses import dataclass

from benchmarks.maillog.delivery import queue_message
from benchmarks.maillog.host import Host, Slots

_PATIENCE = 15.0  # seconds a client waits for the greeting, on average
_TIMEOUT, _STRESS_TIMEOUT = 300.0, 10.0  # smtpd_timeout, usual and under stress
_WARN_EVERY = 1000.0  # src/master/master_avail.c
_KINDS = "productive rejected auth-failed tls-failed silent junk timeout hangup".split()
_USUAL = (60, 12, 8, 2, 8, 5, 1, 4)
_OVERLOADED = (20, 12, 8, 4, 22, 8, 22, 4)
_TLS = "TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)"
_TLS_KEYS = ("Anonymous", "from", "TLSv1.3", "TLS_AES_256_GCM_SHA384")

# Stage, code, enhanced status and wording of what smtpd answers; {a} is the client's address.
REJECTS = (
    ("relay-denied", "554", "5.7.1", "<x@else.example>: Relay access denied"),
    ("dns-list", "554", "5.7.1",
     "Service unavailable; Client host [{a}] blocked using zen.spamhaus.org; https://check.spamhaus.org/"),
    ("unknown-user", "550", "5.1.1",
     "<x@here.example>: Recipient address rejected: User unknown in virtual mailbox table"),
    ("unknown-client", "450", "4.7.25", "Client host rejected: cannot find your hostname, [{a}]"),
    ("greylisted", "450", "4.2.0", "<x@here.example>: Recipient address rejected: Greylisted"),
    ("sender-domain", "450", "4.1.8", "<x@none.example>: Sender address rejected: Domain not found"),
    ("helo", "504", "5.5.2", "<pc>: Helo command rejected: need fully-qualified hostname"),
)  # fmt: skip


@dataclass(slots=True)
class Client:
    """Who comes: a name and an address as smtpd writes them."""

    name: str
    address: str

    def __str__(self) -> str:
        return f"{self.name}[{self.address}]"


@dataclass(slots=True)
class Session:
    """A session while it is simulated: `time` moves on, `counts` is what its disconnect line will say."""

    host: Host
    program: str
    pid: int
    client: Client
    time: float
    begun: float
    kind: str = "silent"
    counts: str = "commands=0/0"
    number: int = 0

    def say(self, name: str, text: str, *facts: str, keys: tuple[str, ...] = ()) -> None:
        key = (self.host.name, self.program, self.number)
        meant = (key, self.client.address, self.kind, *facts)
        self.host.log(self.time, self.program, self.pid, name, text, *meant, keys=keys)

    def end_by(self, name: str, stage: str) -> None:
        words = name.replace("-", " ")
        first = "NOQUEUE: " if self.host.plan.queue_id_first else ""
        self.say(name, f"{first}{words} after {stage} from {self.client}", stage, keys=(stage,))


def arrive(host: Host, time: float, client: Client, number: int) -> None:
    """A client of port 25: it waits for a process as long as its patience lasts."""
    random = host.random
    if host.smtpd.full(time):
        _warn(host, time)
    start, pid = host.smtpd.take(time, host.new_pid())
    session = Session(host, "smtpd", pid, client, start, start, number=number)
    if start - time > random.expovariate(1 / _PATIENCE):
        _gone(session)
    else:
        overloaded = host.plan.overloaded(time)
        (session.kind,) = random.choices(_KINDS, _OVERLOADED if overloaded else _USUAL)
        if random.random() < 0.02:
            text = f"warning: hostname h.example does not resolve to address {client.address}"
            session.say("name-does-not-resolve", text)
            session.time += 0.0001
        session.say("connect", f"connect from {client}")
        _ACTS[session.kind](session)
    _disconnect(session, host.smtpd)


def submit(host: Host, time: float, client: Client, number: int) -> None:
    """A user of the submission service."""
    start, pid = host.submission.take(time, host.new_pid())
    session = Session(host, "submission/smtpd", pid, client, start, start, "productive", number=number)
    session.say("connect", f"connect from {client}")
    session.time += 0.2 + host.random.expovariate(3)
    _encrypt(session)
    _send(session, "PLAIN", local=False)
    session.counts = "ehlo=2 starttls=1 auth=1 mail=1 rcpt=1 data=1 quit=1 commands=8"
    _disconnect(session, host.submission)


def _warn(host: Host, time: float) -> None:
    host.stress_until = time + _WARN_EVERY
    if time - host.warned < _WARN_EVERY:
        return
    host.warned = time
    limit = host.plan.limit
    text = f'warning: service "smtp" (25) has reached its process limit "{limit}": new clients may experience'
    told = f"{text} noticeable delays"
    host.log(time, "master", 899, "process-limit", told, "smtp", limit, keys=("smtp",), peak=limit)
    advice = (
        "warning: to avoid this condition, increase the process count in master.cf or reduce the service time"
    )
    host.log(time, "master", 899, "process-limit-advice", f"{advice} per client")
    see = "warning: see https://www.postfix.org/STRESS_README.html for examples of stress-adapting"
    host.log(time, "master", 899, "process-limit-advice", f"{see} configuration settings")


def _gone(session: Session) -> None:
    """The peer was gone before smtpd asked for its name."""
    session.client = Client("unknown", "unknown")
    session.say("connect", f"connect from {session.client}")
    session.time += 0.001
    session.end_by("lost-connection", "CONNECT")


def _disconnect(session: Session, slots: Slots) -> None:
    session.time += 0.0004
    session.say("disconnect", f"disconnect from {session.client} {session.counts}")
    slots.hold(session.pid, session.time + 0.0005)


def _encrypt(session: Session) -> None:
    told = f"Anonymous TLS connection established from {session.client}: {_TLS}"
    session.say("tls-connection", told, keys=_TLS_KEYS)


def _send(session: Session, sasl: str, *, local: bool) -> None:
    host, queue_id = session.host, session.host.queue_id()
    session.time += 0.1
    told = f", sasl_method={sasl}, sasl_username=u{host.mails % 400}@here.example" if sasl else ""
    session.say("client", f"{queue_id}: client={session.client}{told}", queue_id, sasl, keys=(sasl,))
    queue_message(host, session.time, queue_id, f"u{host.mails % 900}@there.example", local=local)
    session.time += 0.1 + host.random.expovariate(2)


def _productive(session: Session) -> None:
    session.time += session.host.random.expovariate(2)
    first = "ehlo=1"
    if session.host.random.random() < 0.6:
        _encrypt(session)
        first = "ehlo=2 starttls=1"
    _send(session, "", local=True)
    session.counts = f"{first} mail=1 rcpt=1 data=1 quit=1 commands={7 if 'starttls' in first else 5}"


def _reject(session: Session) -> None:
    reason, code, dsn, text = session.host.random.choice(REJECTS)
    session.time += 0.1 + session.host.random.expovariate(5)
    text = text.replace("{a}", session.client.address)
    said = f"NOQUEUE: reject: RCPT from {session.client}: {code} {dsn} {text}"
    session.say("reject", f"{said}; from=<a@b.example> to=<x@here.example> proto=ESMTP helo=<pc>",
                keys=("RCPT", code, dsn, reason))  # fmt: skip


def _rejected(session: Session) -> None:
    _reject(session)
    session.counts = "ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4"


def _auth_failed(session: Session) -> None:
    tries = session.host.random.randint(1, 4)
    for _ in range(tries):
        session.time += 0.6 + session.host.random.random()
        told = f"warning: {session.client}: SASL LOGIN authentication failed: UGFzc3dvcmQ6"
        session.say("sasl-failure", told, keys=("LOGIN",))
    session.counts = f"ehlo=1 auth=0/{tries} commands=1/{tries + 1}"
    session.end_by("lost-connection", "AUTH")


def _tls_failed(session: Session) -> None:
    session.time += 1.0
    session.say("tls-error", f"SSL_accept error from {session.client}: -1", keys=("SSL_accept error",))
    problem = "error:0A000102:SSL routines::unsupported protocol:"
    session.say("tls-error", f"warning: TLS library problem: {problem}", keys=("TLS library problem",))
    session.counts = "ehlo=1 starttls=0/1 commands=1/2"
    session.end_by("lost-connection", "STARTTLS")


def _silent(session: Session) -> None:
    session.time += session.host.random.expovariate(3)
    session.end_by("lost-connection", "CONNECT")


def _junk(session: Session) -> None:
    session.time += session.host.random.expovariate(1)
    session.counts = "ehlo=1 quit=1 commands=2"


def _timed_out(session: Session) -> None:
    stress = session.begun < session.host.stress_until
    session.time += _STRESS_TIMEOUT if stress else _TIMEOUT
    session.counts = "ehlo=1 commands=1"
    session.end_by("timeout", "EHLO")


def _hangup(session: Session) -> None:
    for _ in range(20):  # smtpd_hard_error_limit
        _reject(session)
    session.counts = "ehlo=1 mail=1 rcpt=0/20 commands=2/22"
    session.end_by("too-many-errors", "RCPT")


_ACTS = {
    "productive": _productive,
    "rejected": _rejected,
    "auth-failed": _auth_failed,
    "tls-failed": _tls_failed,
    "silent": _silent,
    "junk": _junk,
    "timeout": _timed_out,
    "hangup": _hangup,
}
