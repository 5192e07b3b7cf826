"""Settings of mail, from what a door hands in: a fault is named, and no password is shown."""

from collections.abc import Callable, Mapping

import pytest

from afspraak.mail import settings as incoming
from afspraak.mail.identity import Trust
from afspraak.mail.message import LIMITS
from afspraak.notices import settings as outgoing
from afspraak.notices.settings import SettingRefused
from afspraak.notices.smtp import Tls

Setting = Callable[[Mapping[str, str]], object]


def test_nothing_set_is_nothing_done() -> None:
    assert outgoing.desk_address({}) is None
    assert outgoing.smtp_server({}) is None
    assert outgoing.token_keys({}) is None
    assert incoming.mailbox({}) is None
    assert incoming.trust({}) is None
    assert incoming.limits({}) == LIMITS


def test_an_smtp_url() -> None:
    url = "smtp+starttls://desk%40msp.example:p%2Fw@mx.msp.example"
    server = outgoing.smtp_server({"AFSPRAAK_MAIL_SMTP_URL": url, "AFSPRAAK_MAIL_CA_FILE": "ca"})
    assert server
    assert (server.host, server.port, server.tls) == ("mx.msp.example", 587, Tls.STARTTLS)
    assert (server.user, server.password, server.ca_file) == ("desk@msp.example", "p/w", "ca")
    assert "p/w" not in repr(server)


def test_an_imap_url() -> None:
    url = "imaps://desk:pw@mx.msp.example:1993/Desk%20in?done=Verwerkt"
    mailbox = incoming.mailbox({"AFSPRAAK_MAIL_IMAP_URL": url, "AFSPRAAK_MAIL_MAX_BYTES": "1000"})
    assert mailbox
    assert (mailbox.port, mailbox.tls, mailbox.most_bytes) == (1993, Tls.IMPLICIT, 1000)
    assert (mailbox.folder, mailbox.done_folder) == ("Desk in", "Verwerkt")


def test_trust_has_a_name_and_hops() -> None:
    environ = {"AFSPRAAK_MAIL_AUTHSERV_ID": "mx.msp.example", "AFSPRAAK_MAIL_OWN_HOPS": "2"}
    assert incoming.trust(environ) == Trust("mx.msp.example", 2)


@pytest.mark.parametrize(
    ("read", "name", "value"),
    [
        (outgoing.desk_address, "AFSPRAAK_MAIL_ADDRESS", "desk"),
        (outgoing.desk_address, "AFSPRAAK_MAIL_ADDRESS", "d" * 20 + "@msp.example"),
        (outgoing.smtp_server, "AFSPRAAK_MAIL_SMTP_URL", "mx.msp.example"),
        (outgoing.smtp_server, "AFSPRAAK_MAIL_SMTP_URL", "smtp://u:geheim@mx.msp.example"),
        (outgoing.smtp_server, "AFSPRAAK_MAIL_SMTP_URL", "smtps://u:geheim@mx:99999"),
        (outgoing.smtp_server, "AFSPRAAK_MAIL_SMTP_URL", "smtps://"),
        (outgoing.token_keys, "AFSPRAAK_MAIL_TOKEN_KEYS", "1:geheim"),
        (incoming.mailbox, "AFSPRAAK_MAIL_IMAP_URL", "imap://u:geheim@mx.msp.example"),
        (incoming.mailbox, "AFSPRAAK_MAIL_IMAP_URL", "imaps://mx.msp.example"),
        (incoming.mailbox, "AFSPRAAK_MAIL_IMAP_URL", "imaps://u:geheim@mx/INBOX?gone=x"),
        (incoming.limits, "AFSPRAAK_MAIL_MAX_BYTES", "25MB"),
        (incoming.limits, "AFSPRAAK_MAIL_MAX_BYTES", "0"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(read: Setting, name: str, value: str) -> None:
    with pytest.raises(SettingRefused, match=name) as refusal:
        read({name: value})
    assert "geheim" not in str(refusal.value)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_a_server_on_this_machine_may_go_without_tls(host: str) -> None:
    server = outgoing.smtp_server({"AFSPRAAK_MAIL_SMTP_URL": f"smtp://{host}:2525"})
    assert server
    assert (server.tls, server.port) == (Tls.NONE, 2525)
