"""The addresses of what is offered, agreed to and promised before it is signed; each view states
its policy.
"""

from typing import Final

from django.urls import URLPattern, path, re_path

from afspraak.web.offers import back_to_back, catalogue, listed, offer, said, wishes

ADDRESS: Final = r"^offers/public/(?P<address>[A-Za-z0-9_-]{3,60})/$"

urlpatterns: Final[list[URLPattern]] = [
    path("offers/", listed.offers, name="offers"),
    path("offers/new/", offer.make, name="offers_new"),
    path("offers/catalogue/", catalogue.catalogue, name="offers_catalogue"),
    path("offers/catalogue/cost/", catalogue.cost, name="offers_cost"),
    path("offers/catalogue/open/", catalogue.open_, name="offers_open"),
    re_path(ADDRESS, catalogue.public, name="offers_public"),
    path("offers/wishes/", wishes.write, name="offers_wish_new"),
    path("offers/wishes/<uuid:wish>/", wishes.wish, name="offers_wish"),
    path("offers/wishes/<uuid:wish>/upkeep/", wishes.compute, name="offers_upkeep"),
    path("offers/wishes/<uuid:wish>/decide/", wishes.decide, name="offers_decide"),
    path("offers/<uuid:offer>/", offer.offer, name="offers_offer"),
    path("offers/<uuid:offer>/answer/", offer.answer, name="offers_answer"),
    path("offers/<uuid:offer>/against/", offer.against, name="offers_against"),
    path("drafts/<uuid:draft>/said/", said.of_draft, name="offers_said_draft"),
    path("drafts/<uuid:draft>/said/tell/", said.tell_of_draft, name="offers_tell_draft"),
    path("agreements/<uuid:agreement>/said/", said.of_agreement, name="offers_said"),
    path("agreements/<uuid:agreement>/said/tell/", said.tell_of_agreement, name="offers_tell"),
    path(
        "agreements/<uuid:agreement>/back-to-back/",
        back_to_back.of_agreement,
        name="offers_back_to_back",
    ),
    path(
        "drafts/<uuid:draft>/back-to-back/",
        back_to_back.of_draft,
        name="offers_back_to_back_draft",
    ),
]
