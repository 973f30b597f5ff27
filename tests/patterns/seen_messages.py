"""Messages, and which of their lines a real cleanup(8) held against which checks."""

# The message, and the lines that checks which warn of everything logged, with the checks that did (Postfix
# 3.7.11). A newline within a header is logged as `?`.
SEEN = {
    "plain": (
        "Subject: a\n folded\nTo: b\n\none\n\ntwo\n",
        (
            "header Subject: a? folded",
            "header To: b",
            "body one",
            "body two",
        ),
    ),
    "no body": (
        "Subject: a\n",
        ("header Subject: a",),
    ),
    "no header among headers": (
        "Subject: a\nthis is no header\nX: y\n\nbody\n",
        (
            "header Subject: a",
            "body this is no header",
            "body X: y",
            "body body",
        ),
    ),
    "two parts": (
        (
            "Subject: a\n"
            'Content-Type: multipart/mixed; boundary="b b"\n'
            "\n"
            "preamble\n"
            "--b b\n"
            "Content-Type: text/plain\n"
            "\n"
            "in one\n"
            "--b b\n"
            "\n"
            "without header\n"
            "--b b--\n"
            "epilogue\n"
        ),
        (
            "header Subject: a",
            'mime Content-Type: multipart/mixed; boundary="b b"',
            "body preamble",
            "body --b b",
            "mime Content-Type: text/plain",
            "body in one",
            "body --b b",
            "body without header",
            "body --b b--",
            "body epilogue",
        ),
    ),
    "a message in a part": (
        (
            "Subject: a\n"
            "Content-Type: multipart/mixed; boundary=b\n"
            "\n"
            "--b\n"
            "Content-Type: message/rfc822\n"
            "\n"
            "Subject: inner\n"
            "Content-Type: multipart/alternative;\n"
            " boundary=c\n"
            "\n"
            "--c\n"
            "Content-Type: text/html\n"
            "\n"
            "inner part\n"
            "--c--\n"
            "\n"
            "--b\n"
            "X: last\n"
            "\n"
            "last\n"
            "--b--\n"
        ),
        (
            "header Subject: a",
            "mime Content-Type: multipart/mixed; boundary=b",
            "body --b",
            "mime Content-Type: message/rfc822",
            "nested Subject: inner",
            "mime Content-Type: multipart/alternative;? boundary=c",
            "body --c",
            "mime Content-Type: text/html",
            "body inner part",
            "body --c--",
            "body --b",
            "mime X: last",
            "body last",
            "body --b--",
        ),
    ),
    "a message as it is": (
        "Subject: a\nContent-Type: message/rfc822\n\nSubject: inner\n\ninner body\n",
        (
            "header Subject: a",
            "mime Content-Type: message/rfc822",
            "nested Subject: inner",
            "body inner body",
        ),
    ),
    "a longer boundary": (
        "Subject: a\nContent-Type: multipart/mixed; boundary=b\n\n--bc\nContent-Type: x/y\n\nfoo\n--b--\n",
        (
            "header Subject: a",
            "mime Content-Type: multipart/mixed; boundary=b",
            "body --bc",
            "mime Content-Type: x/y",
            "body foo",
            "body --b--",
        ),
    ),
    "no multipart": (
        "Subject: a\nContent-Type: text/plain\n\n--b\nContent-Type: x/y\n\nfoo\n",
        (
            "header Subject: a",
            "mime Content-Type: text/plain",
            "body --b",
            "body Content-Type: x/y",
            "body foo",
        ),
    ),
    "a part without headers": (
        "Subject: a\nContent-Type: multipart/mixed; boundary=b\n\n--b\nno header here\nX: y\n\nfoo\n--b--\n",
        (
            "header Subject: a",
            "mime Content-Type: multipart/mixed; boundary=b",
            "body --b",
            "body no header here",
            "body X: y",
            "body foo",
            "body --b--",
        ),
    ),
    "a boundary among others": (
        "Subject: a\nContent-Type: multipart/mixed;\n charset=x; boundary=b; y=z\n\n--b\nX: y\n\nfoo\n",
        (
            "header Subject: a",
            "mime Content-Type: multipart/mixed;? charset=x; boundary=b; y=z",
            "body --b",
            "mime X: y",
            "body foo",
        ),
    ),
    "a digest": (
        "Subject: a\nContent-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: of digest\n\nfoo\n--b--\n",
        (
            "header Subject: a",
            "mime Content-Type: multipart/digest; boundary=b",
            "body --b",
            "nested Subject: of digest",
            "body foo",
            "body --b--",
        ),
    ),
    "a report": (
        (
            "Subject: a\n"
            "Content-Type: multipart/report; boundary=b\n"
            "\n"
            "--b\n"
            "Content-Type: message/delivery-status\n"
            "\n"
            "Reporting-MTA: x\n"
            "\n"
            "foo\n"
            "--b\n"
            "Content-Type: text/rfc822-headers\n"
            "\n"
            "Subject: q\n"
            "\n"
            "--b--\n"
        ),
        (
            "header Subject: a",
            "mime Content-Type: multipart/report; boundary=b",
            "body --b",
            "mime Content-Type: message/delivery-status",
            "body Reporting-MTA: x",
            "body foo",
            "body --b",
            "mime Content-Type: text/rfc822-headers",
            "body Subject: q",
            "body --b--",
        ),
    ),
    "headers about MIME": (
        (
            "MIME-Version: 1.0\n"
            "Content-Length: 3\n"
            "Content-MD5: x\n"
            "Content-ID: <a@b>\n"
            "Content-Description: x\n"
            "Content-Disposition: inline\n"
            "Content-Transfer-Encoding: 7bit\n"
            "Content-Foo: x\n"
            "Content-Type: text/plain\n"
            "X y: z\n"
            "\n"
            "b\n"
        ),
        (
            "mime MIME-Version: 1.0",
            "header Content-Length: 3",
            "header Content-MD5: x",
            "mime Content-ID: <a@b>",
            "mime Content-Description: x",
            "mime Content-Disposition: inline",
            "mime Content-Transfer-Encoding: 7bit",
            "header Content-Foo: x",
            "mime Content-Type: text/plain",
            "body X y: z",
            "body b",
        ),
    ),
    "a message with UTF-8": (
        "Content-Type: message/global\n\nSubject: i\n\nx\n",
        (
            "mime Content-Type: message/global",
            "nested Subject: i",
            "body x",
        ),
    ),
    "part of a message": (
        "Content-Type: message/partial\n\nSubject: i\n\nx\n",
        (
            "mime Content-Type: message/partial",
            "body Subject: i",
            "body x",
        ),
    ),
    "blank lines": (
        "Subject: i\nX:\n\n: foo\n\n\nx\n",
        (
            "header Subject: i",
            "header X:",
            "body : foo",
            "body x",
        ),
    ),
    "a blank before the colon": (
        "Subject : i\nX: y\n\nb\n",
        (
            "header Subject: i",
            "header X: y",
            "body b",
        ),
    ),
    "a boundary of the outer part": (
        (
            "Content-Type: multipart/mixed; boundary=o\n"
            "\n"
            "--o\n"
            "Content-Type: multipart/mixed; boundary=i\n"
            "\n"
            "--i\n"
            "X: y\n"
            "\n"
            "x\n"
            "--o\n"
            "Y: z\n"
            "\n"
            "--i\n"
            "Z: z\n"
            "\n"
            "--o--\n"
            "--o\n"
            "E: p\n"
        ),
        (
            "mime Content-Type: multipart/mixed; boundary=o",
            "body --o",
            "mime Content-Type: multipart/mixed; boundary=i",
            "body --i",
            "mime X: y",
            "body x",
            "body --o",
            "mime Y: z",
            "body --i",
            "body Z: z",
            "body --o--",
            "body --o",
            "body E: p",
        ),
    ),
}
