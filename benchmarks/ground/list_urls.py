from limits import rows_by_hand
from peers import tables_and_admin

from portal.urls import handler500 as handler500
from portal.urls import urlpatterns as ours

urlpatterns = [*rows_by_hand.urlpatterns, *tables_and_admin.urlpatterns, *ours]
