from portal.notifications.models.delivery import Delivery, DeliveryQuerySet
from portal.notifications.models.endpoint import Connection, Endpoint
from portal.notifications.models.preference import Level, Preference

__all__ = ["Connection", "Delivery", "DeliveryQuerySet", "Endpoint", "Level", "Preference"]
