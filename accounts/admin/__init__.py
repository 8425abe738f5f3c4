from accounts.admin import attempts, invitations, people

__all__ = ["attempts", "invitations", "people"]
