"""The REST API of collections and documents."""
