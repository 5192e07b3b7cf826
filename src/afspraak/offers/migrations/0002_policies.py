"""Who sees what is said before a contract is signed; and what a row points to is of its parties."""

from django.db import migrations

from afspraak.rights.policies import (
    BETWEEN,
    INTERNAL,
    ORGANISATIONS,
    OURS,
    PRESENTED,
    append_only,
    by_a_party,
    inside,
    person_inside,
    protect,
    reads_too,
    same_relation,
    stays,
    true_parties,
)

KEPT = ("SELECT", "INSERT", "UPDATE")
SUPPLIERS = f"supplier_id = ANY ({ORGANISATIONS})"

PRESENTED_PAGE = f"(address_hash = {PRESENTED} AND closed_at IS NULL)"
"""The open page whose address somebody has, whoever they are."""

ON_PRESENTED_PAGE = f"""EXISTS (SELECT 1 FROM offers_opencatalogue open
    WHERE open.catalogue_id = agreements_catalogue.id
    AND open.address_hash = {PRESENTED} AND open.closed_at IS NULL)"""
"""The one catalogue whose open page was presented."""

OF_OWN_CATALOGUE = """EXISTS (SELECT 1 FROM agreements_catalogue one
    WHERE one.id = NEW.catalogue_id AND one.organisation_id = NEW.{owner})"""

OFFER = f"({SUPPLIERS} OR (customer_id = ANY ({ORGANISATIONS}) AND shown_at IS NOT NULL))"
UNDER_OFFER = "EXISTS (SELECT 1 FROM offers_offer seen WHERE seen.id = offer_id OFFSET 0)"
PLEDGE = f"({INTERNAL} OR ({BETWEEN} AND shown_at IS NOT NULL))"
UNDER_PLEDGE = "EXISTS (SELECT 1 FROM offers_pledge seen WHERE seen.id = pledge_id OFFSET 0)"
OWN_WISH = """EXISTS (SELECT 1 FROM offers_wish one
    WHERE one.id = NEW.wish_id AND one.supplier_id = NEW.organisation_id)"""
SHARED = (
    *("wish", "grant", "offer", "offerline", "offerevent"),
    *("assent", "assentend", "pledge", "pledgeend"),
)
WRITTEN = ("wish", "offerevent", "assent", "assentend", "pledge", "pledgeend")
"""Of which one of the two sides is the writer."""
PEOPLE = {
    "wish": "asked_by_id",
    "grant": "decided_by_id",
    "offer": "made_by_id",
    "offerevent": "person_id",
    "assent": "recorded_by_id",
    "assentend": "person_id",
    "pledge": "recorded_by_id",
    "pledgeend": "person_id",
}
OWN_PEOPLE = {
    "opencatalogue": "opened_by_id",
    "levelcost": "entered_by_id",
    "upkeep": "computed_by_id",
}
POINTS = (
    ("grant", "wish_id", "offers_wish"),
    ("offerline", "offer_id", "offers_offer"),
    ("offerevent", "offer_id", "offers_offer"),
    ("assent", "offer_id", "offers_offer"),
    ("assentend", "assent_id", "offers_assent"),
    ("assentend", "draft_id", "agreements_draft"),
    ("assentend", "version_id", "agreements_agreementversion"),
    ("pledge", "draft_id", "agreements_draft"),
    ("pledgeend", "pledge_id", "offers_pledge"),
    ("pledgeend", "draft_id", "agreements_draft"),
    ("pledgeend", "version_id", "agreements_agreementversion"),
)


class Migration(migrations.Migration):
    dependencies = [("offers", "0001_initial")]
    operations = [
        protect(
            "offers_opencatalogue",
            reads=f"({INTERNAL} OR {PRESENTED_PAGE})",
            writes=INTERNAL,
            app=KEPT,
        ),
        reads_too("agreements_catalogue", reads=ON_PRESENTED_PAGE),
        *append_only("offers_levelcost", reads=INTERNAL),
        *append_only("offers_upkeep", reads=INTERNAL),
        *append_only("offers_wish", reads=BETWEEN, writes=OURS),
        *append_only("offers_grant", reads=BETWEEN, writes=SUPPLIERS),
        protect("offers_offer", reads=OFFER, writes=SUPPLIERS, app=KEPT),
        *append_only(
            "offers_offerline", reads=UNDER_OFFER, writes=f"({SUPPLIERS} AND {UNDER_OFFER})"
        ),
        *append_only("offers_offerevent", reads=UNDER_OFFER, writes=f"({OURS} AND {UNDER_OFFER})"),
        *append_only("offers_assent", reads=BETWEEN, writes=OURS),
        *append_only("offers_assentend", reads=BETWEEN, writes=OURS),
        protect("offers_pledge", reads=PLEDGE, writes=OURS, app=KEPT),
        *append_only("offers_pledgeend", reads=UNDER_PLEDGE, writes=f"({OURS} AND {UNDER_PLEDGE})"),
        *(true_parties(f"offers_{each}") for each in SHARED),
        *(same_relation(f"offers_{each}", column, target) for each, column, target in POINTS),
        *(by_a_party(f"offers_{each}") for each in WRITTEN),
        inside("offers_upkeep", "wish_id", OWN_WISH),
        inside(
            "offers_opencatalogue",
            "catalogue_id",
            OF_OWN_CATALOGUE.format(owner="organisation_id"),
        ),
        inside("offers_wish", "catalogue_id", OF_OWN_CATALOGUE.format(owner="supplier_id")),
        inside("offers_offer", "catalogue_id", OF_OWN_CATALOGUE.format(owner="supplier_id")),
        *(
            person_inside(f"offers_{each}", column, "supplier_id", "customer_id")
            for each, column in PEOPLE.items()
        ),
        *(
            person_inside(f"offers_{each}", column, "organisation_id")
            for each, column in OWN_PEOPLE.items()
        ),
        stays("offers_opencatalogue", "id", "organisation_id", "catalogue_id", "address_hash"),
        stays("offers_offer", "id", "relation_id", "supplier_id", "customer_id", "catalogue_id"),
        stays(
            "offers_pledge",
            *("id", "organisation_id", "relation_id", "supplier_id", "customer_id"),
        ),
    ]
