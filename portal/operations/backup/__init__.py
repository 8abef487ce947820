"""A backup is one file that says what is in it; it comes back into hold mode."""

from portal.operations.backup.lost import Lost, lost_tail
from portal.operations.backup.manifest import BackupRefused, Manifest
from portal.operations.backup.restoring import Restored, restore
from portal.operations.backup.writing import write

__all__ = ["BackupRefused", "Lost", "Manifest", "Restored", "lost_tail", "restore", "write"]
