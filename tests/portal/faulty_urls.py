"""Addresses whose views fail on purpose, beside all of ours."""

from typing import NoReturn

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.db import OperationalError
from django.http import HttpRequest
from django.urls import path

from portal.errors import DomainError
from portal.urls import handler400 as handler400
from portal.urls import handler500 as handler500
from portal.urls import urlpatterns as ours


@login_not_required
def crash(request: HttpRequest) -> NoReturn:
    raise RuntimeError("a fault of ours")


@login_not_required
def refuse(request: HttpRequest) -> NoReturn:
    raise DomainError("Anna <answered> a moment ago.")


@login_not_required
def forbid(request: HttpRequest) -> NoReturn:
    raise PermissionDenied


@login_not_required
def suspect(request: HttpRequest) -> NoReturn:
    raise SuspiciousOperation


@login_not_required
def swamp(request: HttpRequest) -> NoReturn:
    raise RequestDataTooBig("more than a form may bring")


@login_not_required
def stumble(request: HttpRequest) -> NoReturn:
    raise OperationalError("the database is away")


urlpatterns = [
    *ours,
    path("faulty/crash", crash),
    path("faulty/refuse", refuse),
    path("faulty/forbid", forbid),
    path("faulty/suspect", suspect),
    path("faulty/swamp", swamp),
    path("faulty/stumble", stumble),
]
