"""The rules of webhooks, without the database: what is sent, how it is signed, when it is tried again."""
