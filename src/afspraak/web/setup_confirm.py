"""What ends access is asked for once more, with what it means, on a page of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from afspraak.engine.time import Refusal
from afspraak.web.refusing import refused
from afspraak.web.visit import Visit


@dataclass(frozen=True, slots=True)
class Ending:
    """What is about to end: the question, what follows from it, and where one goes from there."""

    title: str
    what: Sequence[str]
    button: str
    done: str
    back: str


def confirm(request: Visit, ending: Ending, end: Callable[[], object]) -> HttpResponse:
    """Ask, or do it. A refusal is said on the page that asks."""
    told = {"ending": ending, "back": reverse(ending.back)}
    if request.method != "POST":
        return render(request, "setup/confirm.html", told)
    try:
        end()
    except Refusal as refusal:
        told["fault"] = refused(refusal)
        return render(request, "setup/confirm.html", told, status=422)
    messages.success(request, ending.done)
    return HttpResponseRedirect(reverse(ending.back))
