"""A version as its signing shows it: who must sign, who has, how strongly, and what to look at."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from afspraak.agreements.models import AgreementVersion, Proof, Signature
from afspraak.agreements.read import document_of
from afspraak.engine.time import instant_of
from afspraak.language.document import Document
from afspraak.parties.identity import Identity
from afspraak.parties.models import Person
from afspraak.signing.levels import Level, level_of
from afspraak.signing.load import files_of, party_of, to_sign
from afspraak.signing.mandate import Doubt, doubts_about
from afspraak.signing.models import PasskeyProof, SigningFile
from afspraak.web.rows import Badge
from afspraak.web.setup_agreements import party_name
from afspraak.web.speaking import Speaking


@dataclass(frozen=True, slots=True)
class Given:
    """A signature that is there: who, when, how strong, and where its evidence is."""

    told: str
    badge: Badge
    meaning: str
    hands: tuple[str, ...]
    note: str
    brought: str
    file: UUID | None
    proof: UUID | None


@dataclass(frozen=True, slots=True)
class PartyShown:
    """A party that must sign."""

    key: str
    role: str
    name: str
    signers: tuple[str, ...]
    given: Given | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """The signing of a version, for whoever looks."""

    row: AgreementVersion
    document: Document
    parties: tuple[PartyShown, ...]
    files: tuple[SigningFile, ...]
    own: str

    @property
    def newest(self) -> SigningFile | None:
        """The newest file that holds a signature."""
        found = to_sign(self.files)
        return found if found is not None and found.kind == SigningFile.Kind.SIGNED else None

    @property
    def waits(self) -> tuple[PartyShown, ...]:
        """Who has not signed."""
        return tuple(each for each in self.parties if each.given is None)

    @property
    def is_my_turn(self) -> bool:
        """Whether one's own side has not signed."""
        return any(each.is_own for each in self.waits)

    @property
    def recorded(self) -> tuple[PartyShown, ...]:
        """Those of whom one may hand in that they signed: a third party for itself alone."""
        is_third = self.own not in ("supplier", "customer")
        return tuple(each for each in self.waits if each.is_own or not is_third)

    @property
    def others(self) -> str:
        """With whom one signs."""
        return ", ".join(each.name for each in self.parties if not each.is_own)


def version_seen(agreement: UUID, version: UUID, identity: Identity) -> AgreementVersion:
    """A version for the people of its parties who see the whole text: prices stand in it."""
    rows = AgreementVersion.objects.seen_by(identity.viewer).select_related("agreement")
    row = rows.filter(pk=version, agreement_id=agreement).first()
    if row is None or identity.organisation not in identity.viewer.organisations:
        raise Http404
    sides = (row.supplier_id, row.customer_id, row.agreement.third_party_id)
    if identity.organisation not in sides:
        raise Http404
    return row


def seen(row: AgreementVersion, identity: Identity, speaking: Speaking) -> Seen:
    """All of it, in four questions."""
    viewer, document = identity.viewer, document_of(bytes(row.document))
    files = files_of(row.pk, viewer)
    signatures = {each.party: each for each in _signatures(row, identity)}
    proofs = PasskeyProof.objects.seen_by(viewer).filter(version=row)
    by_signature = dict(proofs.values_list("signature_id", "id"))
    own = party_of(row, identity.organisation)
    parties = []
    for key in row.parties:
        signature = signatures.get(key)
        given = None
        if signature is not None:
            given = _given(signature, files, by_signature, row, document, speaking)
        party = document.parties[key]
        signers = tuple(f"{each.name}, {each.function}" for each in party.signers)
        role = party_name(key)
        parties.append(PartyShown(key, role, party.name, signers, given, key == own))
    return Seen(row, document, tuple(parties), tuple(files), own)


def _signatures(row: AgreementVersion, identity: Identity) -> list[Signature]:
    return list(Signature.objects.seen_by(identity.viewer).filter(version=row))


def _given(  # noqa: PLR0917  (what one signature is told from)
    signature: Signature,
    files: Sequence[SigningFile],
    proofs: Mapping[UUID, UUID],
    row: AgreementVersion,
    document: Document,
    speaking: Speaking,
) -> Given:
    file = next((each for each in files if each.signature_id == signature.pk), None)
    proof = proofs.get(signature.pk)
    hands = file.hands if file is not None else []
    has_evidence = file is not None or proof is not None
    level = level_of(signature.proof, hands, has_evidence=has_evidence)
    slots = {
        "who": signature.by_name,
        "at": speaking.texts.full(instant_of(signature.signed_at)),
        "how": how(signature.proof),
    }
    brought = ""
    if file is not None:
        brought = document.parties[party_of(row, file.organisation_id) or signature.party].name
    return Given(
        _("%(who)s, %(at)s, %(how)s") % slots,
        _badge(level),
        _meaning(level),
        tuple(_hand(each) for each in hands),
        signature.note or (file.note if file else ""),
        brought,
        None if file is None else file.pk,
        proof,
    )


def how(proof: str) -> str:
    """The way in which somebody signed."""
    names = {
        Proof.PAPER: _("on paper"),
        Proof.PDF: _("in a PDF"),
        Proof.PASSKEY: _("by passkey"),
        Proof.RECORDED: _("told to us"),
    }
    return names[Proof(proof)]


def _badge(level: Level) -> Badge:
    words = {
        "recorded": _("only recorded"),
        "handwritten": _("by hand"),
        "simple": _("simple electronic signature"),
        "advanced": _("advanced electronic signature"),
        "qualified": _("qualified electronic signature"),
    }
    return Badge(*(("soon", "running") if level == "recorded" else ("kept", "kept")), words[level])


def _meaning(level: Level) -> str:
    """What a level says, and what it does not."""
    words = {
        "recorded": _(
            "Somebody wrote down that it was signed. There is no evidence of it in here."
        ),
        "handwritten": _("A scan of a paper that was signed by pen. The original is the evidence."),
        "simple": _(
            "The person's own device signed the hash, after it checked who it was. Anybody can"
            " check that without us. Who the person is, their own account says."
        ),
        "advanced": _(
            "Signed with a certificate that the organisation confirmed as one of its signers', or"
            " that an authority vouches for. Any change of the file afterwards shows."
        ),
        "qualified": _(
            "The certificate says that it is qualified and lies in a qualified device, and an"
            " authority that this installation trusts vouches for it. In law it equals a signature"
            " by hand."
        ),
    }
    return words[level]


def _hand(told: Mapping[str, Any]) -> str:
    """Whose certificate, and which time, in one line."""
    slots = {"name": told["name"], "issuer": told["issuer"], "print": told["fingerprint"][:16]}
    text = _("Certificate of %(name)s, given out by %(issuer)s, SHA-256 %(print)s…") % slots
    if told["stamped_at"]:
        stamp = {"by": told["stamped_by"], "at": told["stamped_at"][:16].replace("T", " ")}
        text += " · " + _("time stamp of %(by)s: %(at)s UTC") % stamp
    return text


def own_name(identity: Identity) -> str:
    """The name of who looks."""
    if identity.actor.person is None:
        return ""
    rows = Person.objects.seen_by(identity.viewer).filter(pk=identity.actor.person)
    return rows.values_list("name", flat=True).first() or ""


def doubts(document: Document, party: str, name: str) -> Iterator[str]:
    """What to look at before somebody signs, in words."""
    for each in doubts_about(document, party, name) if party else ():
        yield _doubt(each)


def _doubt(doubt: Doubt) -> str:
    words = {
        "nobody_named": _(
            "The agreement names nobody who signs for you. Are you allowed to, %(name)s?"
        ),
        "not_named": _(
            "The agreement names %(about)s as who signs for you, and not %(name)s. Are you allowed?"
        ),
        "jointly": _(
            "%(name)s signs together with %(about)s. Sign in the PDF, both of you, or on paper."
        ),
        "up_to": _("%(name)s may sign up to %(about)s. Is the agreement worth no more?"),
    }
    return words[doubt.kind] % {"name": doubt.name, "about": doubt.about}
