"""The first wall: QuerySets that answer only once it is said who looks."""

from collections.abc import Iterable, Iterator
from typing import Any, Self, TypeVar
from uuid import UUID

from django.db.models import Lookup, Model, Q, QuerySet, UUIDField

from afspraak.rights.viewer import Viewer

Row = TypeVar("Row", bound=Model)


@UUIDField.register_lookup
class OneOf(Lookup):
    """`id__one_of=[...]`: as `__in`, in one value, so that the question is the same for any number
    (`kept_plans`).
    """

    lookup_name = "one_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """`column = ANY (values)`."""
        left, values = self.process_lhs(compiler, connection)
        return f"{left} = ANY (%s::uuid[])", [*values, list(self.rhs)]


class Unscoped(RuntimeError):
    """Our own fault: rows were asked for without saying for whom."""


class ScopedQuerySet(QuerySet[Row]):
    """Rows that refuse to be read, counted, changed or removed before `seen_by`.

    A room's QuerySet says in `visible_to` which rows a viewer sees. Rows can be added without a
    viewer: the database's own policy checks them.
    """

    _viewer: Viewer | None = None

    def visible_to(self, viewer: Viewer) -> Q:
        """The rows that a viewer who is not the system sees."""
        raise Unscoped(f"{self.model.__name__} does not say which rows {viewer} sees")

    def seen_by(self, viewer: Viewer) -> Self:
        """The rows that this viewer may see."""
        seen = self.all() if viewer.is_system else self.filter(self.visible_to(viewer))
        seen._viewer = viewer  # noqa: SLF001  (a copy of oneself)
        return seen

    def _clone(self) -> Self:
        clone = super()._clone()  # type: ignore[misc]  # Django's own hook, without a stub
        clone._viewer = self._viewer  # noqa: SLF001  (a copy of oneself)
        return clone  # type: ignore[no-any-return]

    def _need_viewer(self) -> None:
        if self._viewer is None:
            raise Unscoped(f"{self.model.__name__}: say for whom, with seen_by(viewer)")

    def _fetch_all(self) -> None:
        self._need_viewer()
        super()._fetch_all()

    def iterator(self, *args: Any, **kwargs: Any) -> Iterator[Row]:
        """Rows one by one, for a viewer."""
        self._need_viewer()
        return super().iterator(*args, **kwargs)

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Figures over the viewer's rows."""
        self._need_viewer()
        return super().aggregate(*args, **kwargs)

    def count(self) -> int:
        """How many rows the viewer sees."""
        self._need_viewer()
        return super().count()

    def exists(self) -> bool:
        """Whether the viewer sees any."""
        self._need_viewer()
        return super().exists()

    def update(self, **kwargs: Any) -> int:
        """Changes the viewer's rows."""
        self._need_viewer()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Removes the viewer's rows."""
        self._need_viewer()
        return super().delete()

    def explain(self, *args: Any, **kwargs: Any) -> str:
        """How the database would find the viewer's rows."""
        self._need_viewer()
        return super().explain(*args, **kwargs)

    def raw(self, *_args: Any, **_kwargs: Any) -> Any:
        """Never: no filter can be put on what somebody wrote by hand."""
        raise Unscoped(f"{self.model.__name__}: ask through seen_by(viewer), not by raw SQL")

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Any:
        """As part of another question."""
        self._need_viewer()
        return super().resolve_expression(*args, **kwargs)

    def union(self, *others: Any, **kwargs: Any) -> Self:
        """With others that the same viewer sees."""
        self._need_same_viewer(*others)
        return super().union(*others, **kwargs)

    def __or__(self, other: Any) -> Self:
        self._need_same_viewer(other)
        return super().__or__(other)

    def __and__(self, other: Any) -> Self:
        self._need_same_viewer(other)
        return super().__and__(other)

    def _need_same_viewer(self, *others: Any) -> None:
        self._need_viewer()
        if any(getattr(other, "_viewer", None) != self._viewer for other in others):
            raise Unscoped(f"{self.model.__name__}: what is put together has one viewer")

    def _raw_delete(self, using: str | None) -> int:
        self._need_viewer()
        return super()._raw_delete(using)


class SharedQuerySet(ScopedQuerySet[Row]):
    """Rows of a relation: its supplier and its customer see them."""

    def visible_to(self, viewer: Viewer) -> Q:
        """The rows of every relation in which the viewer stands."""
        return between(viewer.organisations)


class InternalQuerySet(ScopedQuerySet[Row]):
    """Rows that belong to one organisation alone."""

    def visible_to(self, viewer: Viewer) -> Q:
        """The rows of the viewer's own organisations."""
        return Q(organisation_id__in=viewer.organisations)


def between(organisations: Iterable[UUID]) -> Q:
    """Rows with one of these as their supplier or their customer."""
    ids = list(organisations)
    return Q(supplier_id__in=ids) | Q(customer_id__in=ids)
