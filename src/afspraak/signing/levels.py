"""How strong a signature is, in the words of the law (eIDAS, Regulation 910/2014, article 3), and
no stronger than what is known here. Pure.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from afspraak.agreements.models import Proof

Level = Literal["recorded", "handwritten", "simple", "advanced", "qualified"]


def level_of(proof: str, hands: Sequence[Mapping[str, Any]], *, has_evidence: bool) -> Level:
    """A signature's level by how it was given.

    A PDF is `qualified` only where a trusted root vouches for each of its certificates, and these
    say so themselves; `advanced` where its certificates were confirmed or vouched for. A passkey is
    `simple`: whether it is more is for who weighs the evidence. What somebody only told is
    `recorded`, a scan of a paper `handwritten`.
    """
    if proof == Proof.PDF and hands:
        return "qualified" if all(each["is_qualified"] for each in hands) else "advanced"
    if proof == Proof.PASSKEY and has_evidence:
        return "simple"
    if proof == Proof.PAPER and has_evidence:
        return "handwritten"
    return "recorded"
