"""Values of parameters, as hypothesis strategies: every construct of the value language, sound and broken.

Names come from a small pool, so that references meet definitions. Nothing here makes postconf look up a host
or open a table: no table by an absolute path, and the network parameters take addresses only.
"""

from hypothesis import strategies as st

USER_NAMES = ("a", "b", "c", "X_1", "level", "my-param.x", "strict", "x$y", "9x")
REFERENCED = (*USER_NAMES[:5], "strict", "nothing", "stress", "mail_name", "mydestination", "process_name")

plain_words = st.sampled_from(
    [
        *(
            "no",
            "yes",
            "10",
            "0",
            "3.9",
            "3.10",
            "300s",
            "permit",
            "reject",
            "hash:x",
            "static:all",
            "strict",
        ),
        *('"q  q"', "'", "\\", "a,b", ",", "x=y", "#b", "[h]:25", "unix:private/x", "!10.0.0.0/8", "[::1]"),
        *("caf\udce9", "\u00a0", "\u00fc", "\x7f", "\x01", "!", "?", ":", "%s", "a" * 70, "b" * 90),
    ]
)
table_words = st.sampled_from(
    [
        *(
            "ldap:people",
            "proxy:mysql:clients",
            "pgsql:x",
            "memcache:m",
            "sqlite:",
            "ldap:a:b",
            "LDAP:people",
        ),
        *("unionmap:{ static:x, pgsql:people }", "pipemap:{ldap:people,{mysql:clients}}", "mysql:$a"),
        *("proxy:proxy:ldap:people", "inline:{ {a = b}, c=d }", "randmap:{x, y}", "hash:people"),
        *("check_recipient_access ldap:people", "ldap:people,mysql:clients", "proxy:{ldap:people}"),
    ]
)
groups = st.sampled_from(["{ a, b }", "{}", "{ {x} }", "{ inet:h:p, timeout=10s }", "(x)"])
# These would break a macro around them.
unbalanced = st.sampled_from(["{ unclosed", "closed }", "}{", "(", ")", "{ldap:people"])

operators = st.sampled_from(["==", "!=", "<", "<=", ">=", ">"])
broken_operators = st.sampled_from(
    ["=", "~", "=~", "<>", "==length", ">=levels", "== level", "", "=>", "<level", "==level"]
)
operands = st.sampled_from(
    ["1", "2", "10", "010", "3.9", "3.10", "a", "b", "", " a", "a ", "-1", "$a", "$level", "${b}", "$nothing"]
)
levels = st.sampled_from(["0", "1", "2", "3.6", "3.9", "3.10", "3.10.1", "3.6.0", "2047.2047", "0099.1"])
blanks = st.sampled_from(["", "", "", " ", "  ", "\t"])
names = st.sampled_from(REFERENCED)


def _macros(texts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Every form of postconf(5) around texts that may hold macros themselves."""
    relation = st.one_of(
        st.builds("{{{}}}{}{}{}{{{}}}".format, operands, blanks, operators, blanks, operands),
        st.builds("{{{}}}{}{}level{}{{{}}}".format, levels, blanks, operators, blanks, levels),
    )
    # Text outside braces that begins with one is taken for a text in braces with junk behind it.
    bare = texts.filter(lambda text: not text.startswith("{"))
    head = st.one_of(st.builds("{}{}{}".format, blanks, names, blanks), relation)
    return st.one_of(
        st.builds("${{{}?{}}}".format, head, bare),
        st.builds("${{{}:{}}}".format, head, bare),
        st.builds("${{{}?{}{{{}}}{}}}".format, head, blanks, texts, blanks),
        st.builds("${{{}:{}{{{}}}}}".format, head, blanks, texts),
        st.builds("${{{}?{}{{{}}}{}:{{{}}}}}".format, head, blanks, texts, blanks, texts),
        st.builds("${{{}?{{{}}}:{}}}".format, head, texts, bare),
        st.builds("${{{}}}".format, relation),
    )


references = st.one_of(
    st.builds("${}".format, names),
    st.builds("${{{}{}{}}}".format, blanks, names, blanks),
    st.builds("$({}{}{})".format, blanks, names, blanks),
    st.sampled_from(["$$", "$$a", "$$$a", "$my-param.x", "${ nothing ? {x} : y}"]),
)
_leaves = st.one_of(plain_words, plain_words, references, groups)
_texts = st.one_of(_leaves, st.builds("{}{}".format, _leaves, _leaves))
_once = _macros(_texts)
_twice = _macros(st.one_of(_once, st.builds("{} {}".format, _once, _leaves)))

sound = st.one_of(
    plain_words, plain_words, table_words, groups, unbalanced, references, references, _once, _twice
)
# Postfix refuses most of these, and each refusal costs a second of sleep: they are rare in a configuration.
broken = st.one_of(
    st.sampled_from(
        [
            *("$", "a $ b", "$-", "${", "${a", "$(a", "${a)", "${}", "${ }", "${a-b}", "${a b}", "${-a}"),
            *("${a?", "${a?{x}", "${a?{x}y}", "${a?{x}:{y}z}", "${a?{x}?{y}}", "${a:{x}:{y}}", "${{a}?{b}}"),
            *("${{a}=={b}", "${{a}=={b}x}", "${{a}==b?{c}}", "${{1a} <level {2}}", "${{3.} ==level {3}}"),
            *(
                "${a{x}}",
                "${domain_to_ascii{x}}",
                "$mydestination",
                "${a?{$}}",
                "${{2048} <level {1}}",
                "$\x00",
            ),
            *("${{} == {}}", "${{{}} == {{}} ? x}", "${{99999999999999999999} < {1}}", "${?x}", "${:x}"),
        ]
    ),
    st.builds("${{{{{}}}{}{{{}}}?{{x}}:{{y}}}}".format, operands, broken_operators, operands),
)
