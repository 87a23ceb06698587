"""What retrieval itself keeps in the database."""

import uuid

from django.db import models


class IndexIdentity(models.Model):
    """Names this database, so that a snapshot of another one is never opened for it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    only = models.BooleanField(default=True, unique=True, editable=False)

    class Meta:
        verbose_name_plural = "index identities"

    def __str__(self) -> str:
        return str(self.id)
