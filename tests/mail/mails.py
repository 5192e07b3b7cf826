"""Mails to read, written as bytes; and what may happen to them on the way."""

import base64
import random

PLAIN = b"""\
Return-Path: <jan@klant.example>
Received: from mx.klant.example by mx.msp.example; Thu, 1 Jan 2026 09:00:01 +0000
Authentication-Results: mx.msp.example; dmarc=pass header.from=klant.example
From: "Jan Jansen" <jan@klant.example>
To: Servicedesk <desk@msp.example>, b@c.example
Cc: piet@klant.example
Subject: =?utf-8?q?Printer_op_de_3e_verdieping_=F0=9F=96=A8?=
Date: Thu, 1 Jan 2026 10:00:00 +0100
Message-ID: <abc.1@klant.example>
In-Reply-To: <two@msp.example>
References: <one@msp.example> <two@msp.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Hallo,

De printer doet het niet. Caf\xc3\xa9 ook niet.
"""

MIXED = (
    b"""\
From: Marie <marie@client.example>
To: desk@msp.example
Subject: Ecran
Date: Fri, 2 Jan 2026 10:00:00 +0000
Message-ID: <m2@client.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="=_outer"

--=_outer
Content-Type: multipart/alternative; boundary="=_inner"

--=_inner
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

L'=E9cran est noir.
--=_inner
Content-Type: text/html; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

<p>L'=E9cran est <b>noir</b>.</p>
--=_inner--
--=_outer
Content-Type: image/png; name="../../etc/\xe2\x80\xaegnp.exe"
Content-Disposition: attachment; filename="../../etc/\xe2\x80\xaegnp.exe"
Content-Transfer-Encoding: base64

"""
    + base64.encodebytes(b"\x89PNG" + bytes(range(256)))
    + b"""\
--=_outer
Content-Type: message/rfc822

From: x@y.example
Subject: inside

Inner text
--=_outer--
"""
)

HTML = b"""\
From: piet@klant.example
Subject: html
Date: Sat, 3 Jan 2026 10:00:00 +0000
Message-ID: <h@klant.example>
Content-Type: text/html; charset=utf-8

<html><head><title>no</title><style>p{color:red}</style></head><body>
<script>alert(1)</script><p>Eerste &amp; <b>vet</b></p><div>Tweede<br>derde</div>
<ul><li>een</li><li>twee</li></ul>
<blockquote type="cite">oud <img src=x onerror=alert(1)></blockquote></body></html>
"""

BOUNCE = b"""\
Return-Path: <>
From: MAILER-DAEMON@mx.klant.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Date: Sun, 4 Jan 2026 10:00:00 +0000
Message-ID: <b@mx.klant.example>
Content-Type: multipart/report; report-type=delivery-status; boundary=r

--r

Could not deliver.
--r
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.klant.example

Final-Recipient: rfc822; nobody@klant.example
Action: failed
Status: 5.1.1
--r--
"""

ALL = (PLAIN, MIXED, HTML, BOUNCE)
HEADERS = b"From: a@b.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n"

_SPICE = (
    *(b"\r\n", b"\n\n", b"\0", b"\xff", b"=?utf-8?b?", b"?=", b"=?zlib_codec?q?", b"--=_inner"),
    *(b"--=_outer--", b'"', b"<", b">", b"@", b";", b"=\r\n", b"charset=rot13", b"\xe2\x80\xae"),
    *(b"Content-Type: multipart/mixed; boundary=r\n\n", b"base64", b"filename*0*=hex''%ff"),
    *(b"From: a@b.example, c@d.example\n", b"<b><i><table>" * 50, b"&#x110000;", b"\xed\xa0\x80"),
)


def mutated(seed: int) -> bytes:
    """One of the mails above, damaged in a way that the seed alone decides."""
    dice = random.Random(seed)
    raw = bytearray(dice.choice(ALL))
    for _ in range(dice.randint(1, 12)):
        at, kind = dice.randrange(len(raw) + 1), dice.randrange(7)
        end = min(len(raw), at + dice.choice((1, 4, 30, 300)))
        if kind == 0:
            raw[at:at] = dice.choice(_SPICE)
        elif kind == 1:
            del raw[at:end]
        elif kind == 2:
            raw[at:at] = raw[at:end] * dice.randint(1, 20)
        elif kind == 3:
            raw[at:end] = dice.randbytes(end - at)
        elif kind == 4:
            other = dice.choice(ALL)
            raw[at:at] = other[: dice.randrange(len(other))]
        elif kind == 5 and raw:
            raw[at % len(raw)] ^= 1 << dice.randrange(8)
        else:
            raw[at:at] = dice.choice(_SPICE) * dice.choice((1, 10, 500))
    return bytes(raw)
