"""The audit log's page and its export."""
