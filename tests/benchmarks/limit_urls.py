"""Our addresses with the limit of the list's benchmark beside them."""

from limits import rows_by_hand

from portal.urls import urlpatterns as ours

urlpatterns = [*rows_by_hand.urlpatterns, *ours]
