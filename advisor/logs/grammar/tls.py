"""What is written of TLS, by whoever speaks it (src/tls), and by tlsmgr and tlsproxy."""

from advisor.logs.grammar.row import MAYBE_LEVEL, Message, row

_SPEAKERS = "smtpd smtp lmtp tlsproxy posttls-finger"
_PEER = r"[^\s\[\]]*\[[^\]]*\](?::\d+)?"

_TRUST = r"(?P<trust>Anonymous|Untrusted|Trusted|Verified|Uncertified|TLS) (?:TLS )?connection "
_SESSION = r"(?P<direction>from|to) [^()]*? (?P<protocol>(?:TLS|SSL)v[\d.]+) with cipher (?P<cipher>\S+)"

ROWS: tuple[Message, ...] = (
    row(
        "tls-connection",
        _SPEAKERS,
        rf"{_TRUST}established {_SESSION}",
        "tls/tls_misc.c",
        "2.2",
        keys="trust direction protocol cipher",
    ),
    row(
        "tls-connection-reused",
        _SPEAKERS,
        rf"{_TRUST}reused {_SESSION}",
        "tls/tls_misc.c",
        "3.4",
        keys="trust direction protocol cipher",
    ),
    row(
        "tls-error",
        "*",
        rf"{MAYBE_LEVEL}(?P<kind>SSL_accept error|SSL_connect error|SSL_shutdown|TLS library problem|"
        r"TLS handshake failed|Read failed in network_biopair|network_biopair|"
        r"Write failed in network|"
        r"SSL3 alert|SSL_read|SSL_write)",
        "tls/tls_misc.c",
        "2.2",
        keys="kind",
        series=True,
    ),
    row(
        "tls-unavailable",
        "smtpd",
        rf"{MAYBE_LEVEL}(?:No server certs available\. TLS (?:can't|won't) be enabled|"
        r"Wrapper-mode request dropped from |error opening chain file: |"
        r"[^\[\]]*: disabling TLS support)",
        "smtpd/smtpd.c, tls/tls_certkey.c",
        "2.2",
    ),
    row(
        "tls-setup",
        "*",
        rf"{MAYBE_LEVEL}(?:cannot (?:load|get|open) (?:\S+ )*(?:CA|RSA|DSA|EC|ECDSA|certificate|private|"
        rf"Certificat)|"
        r"unable to (?:get|load|set|use|find) (?:private|certificate|cert|CA|cipher|curve)|"
        r"No server certs available|TLS has been |run-time library vs\. compile-time|"
        r"disabling TLS|key file|No (?:RSA|DSA|certificate)|TLS (?:is|support|context|policy|session)|"
        r"error loading|(?:could not|cannot|unable to) .*certificate|\S+: TLS (?:is|init)|"
        r"tls_\w+|in non-postfix|unknown (?:TLS|cipher|protocol)|Invalid (?:TLS|cipher)|invalid (?:TLS|"
        r"tls)|"
        r"(?:legacy|cipher) |ignoring .*TLS|no entropy|entropy|smtpd?_tls_\w+)",
        "tls/tls_certkey.c",
        "2.2",
    ),
    row(
        "tls-peer",
        _SPEAKERS,
        rf"{MAYBE_LEVEL}(?:SSL_accept:|SSL_connect:|starting TLS engine|cert has expired|"
        rf"looking up session|"
        r"[0-9a-f]{4} (?:[0-9a-f]{2} |- <)|(?:read from|write to) [0-9A-F]+ |"
        r"(?:server |client |CA )?certificate (?:verification|"
        rf"peer|chain|validation)|"
        r"Host offered STARTTLS|(?:setting up|starting) TLS connection|initializing the |"
        r"(?:Peer|Server|Client) (?:certificate|verification|is|cert)|verify (?:error|depth|result)|"
        r"Verified: |"
        r"(?:Trusted:|Untrusted:|Unverified:|Verified:|fingerprint|subject|issuer|SSL_|CommonName|TLS )"
        rf"|{_PEER}: (?:re-using|reusing|certificate|subject|issuer|TLS|save|looking|returned|Trusted|"
        rf"Untrusted|"
        r"Verified|Matched|depth|decrypting|issuing|Issuing|not designated|session|num|fingerprint|"
        r"trusted|matched|no )|"
        r"Issuing session ticket|issuing session|save session|reloaded session|looking for session|"
        r"lookup \S+ session |remove session|peer (?:cert|veri)|auto-generated|dane|DANE|TLSA|"
        r"using (?:DANE|session))",
        "tls/tls_verify.c",
        "2.2",
    ),
    row(
        "tls-files",
        "*",
        r"warning: (?:No (?:PEM data|certs for key|private key found)|key at index |"
        r"error (?:opening (?:chain file|memory BIO|trust anchor|DH parameter)|decoding DH|"
        r"configuring \S+ DH|duplicating client CA|allocating OpenSSL|reading: )|"
        r"none of the configured ECDHE|failed to configure ECDHE|ECDSA not supported|Cannot allocate SSL|"
        r"OpenSSL DANE init|Could not (?:allocate|set) |(?:Invalid|Reserved) matching type|"
        r"Digest algorithm |non-default \S+ = |\S+ private key in \S+ does not match |"
        r"ignoring (?:2nd key at |unknown ECDHE curve)|error initializing the OpenSSL library)",
        "tls/tls_certkey.c",
        "2.2; chain files 3.4",
    ),
    row(
        "tls-session",
        _SPEAKERS,
        r"\S+: (?:Reusing old session|SNI hostname: |Decrypting session ticket|(?:reloaded|remove) session )",
        "tls/tls_server.c",
        "2.2",
    ),
    row(
        "tls-report",
        "smtp tlsproxy",
        r"TLSRPT: status=(?P<status>success|failure), domain=",
        "tls/tlsrpt_wrapper.c",
        "3.10",
        keys="status",
    ),
    row(
        "tls-peer-warning",
        _SPEAKERS,
        rf"warning: (?:{_PEER}: (?:all (?:TLSA records|fingerprints|trust anchors) unusable|"
        r"could not configure |error (?:clearing|configuring|enabling|loading|setting) |"
        r"ignoring (?:invalid match|too long SNI)|invalid (?:cipher|unary))|TLS SNI (?:changed )?from |"
        r"DANE TLSA lookup problem|TLSRPT support: |Cannot enable TLRPT support: |"
        r"\S+ TLS cache: (?:malformed|truncated) entry)",
        "tls/tls_dane.c",
        "2.11",
    ),
    row(
        "tlsproxy-trouble",
        "tlsproxy",
        r"warning: (?:deadlock on |ciphertext read/write |request from tlsproxy client|"
        r"to avoid this warning, 1\))",
        "tlsproxy/tlsproxy.c",
        "2.8",
    ),
    row(
        "tls-random",
        "tlsmgr smtpd smtp tlsproxy",
        rf"{MAYBE_LEVEL}(?:EGD server |cannot (?:read|write) (?:\d+ bytes )?(?:from|to) EGD|"
        r"lost connection to EGD|bogus (?:cache type|seed length)|encryption keys etc\. may|"
        r"end-of-input while reading)",
        "tls/tls_prng_egd.c",
        "2.2",
    ),
)
