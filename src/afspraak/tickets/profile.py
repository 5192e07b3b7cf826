"""What a real year looks like, in quantiles and shares: the ground that a made year stands on.

Nothing in it leads back to a ticket: 21 quantiles a distribution, shares of ten thousand. Measured
by `tickets.measure` from the log that `afspraak sample uci` brings.
"""

from dataclasses import dataclass
from typing import Final

STEPS: Final = 20
WHOLE: Final = 10_000

Quantiles = tuple[int, ...]
"""Minutes at 0 %, 5 %, ... 100 % of the cases."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A year's shape. Shares are of ten thousand; times are minutes between Monday to Friday
    08:00-18:00 on the log's clock (`rejected_after`: of any day).

    `weekdays` are the reports per weekday, Monday first; `working` and `weekend` those per hour of
    the day. `first_step` ends with the first state after New, `solved` with the first solution,
    waiting taken out. `questions`: tickets with 0, 1, 2, 3 and more questions to the customer.
    """

    weekdays: tuple[int, ...]
    working: tuple[int, ...]
    weekend: tuple[int, ...]
    first_step: Quantiles
    solved: Quantiles
    customer_waits: Quantiles
    third_party_waits: Quantiles
    rejected_after: Quantiles
    questions: tuple[int, ...]
    third_party: int
    at_once: int
    rejected: int
    reclassified: int
    upgrades: int


# fmt: off
PROFILE: Final = Profile(
    weekdays=(2386, 1986, 1960, 1647, 1536, 256, 225),
    working=(
        85, 72, 48, 40, 42, 42, 109, 221, 1034, 1243, 1175, 1014, 547, 673, 926, 877, 760, 436, 177,
        107, 83, 137, 84, 54,
    ),
    weekend=(
        557, 407, 274, 232, 232, 257, 499, 391, 773, 540, 865, 524, 366, 399, 474, 424, 524, 332,
        366, 341, 224, 266, 374, 349,
    ),
    first_step=(
        0, 0, 0, 0, 0, 0, 1, 4, 6, 10, 16, 26, 48, 90, 172, 295, 509, 854, 1536, 3300, 105354,
    ),
    solved=(
        0, 0, 0, 1, 5, 9, 15, 26, 50, 97, 176, 283, 430, 619, 874, 1208, 1724, 2582, 4129, 7749,
        128795,
    ),
    customer_waits=(
        0, 27, 91, 172, 265, 398, 539, 679, 896, 1134, 1398, 1693, 2054, 2485, 2987, 3549, 4274,
        5198, 7808, 14403, 129065,
    ),
    third_party_waits=(
        0, 110, 321, 842, 1541, 2566, 3680, 4694, 6272, 10251, 10749, 10799, 12156, 16967, 22312,
        26948, 33052, 36484, 53359, 64402, 81999,
    ),
    rejected_after=(
        1, 6, 10, 16, 24, 31, 64, 94, 149, 210, 361, 819, 972, 1148, 1339, 1616, 2132, 3957, 5386,
        7101, 65865,
    ),
    questions=(7799, 2060, 124, 14),
    third_party=103,
    at_once=3280,
    rejected=110,
    reclassified=153,
    upgrades=7178,
)
# fmt: on
"""The year of the log that `afspraak sample uci` brings."""
