from accounts.models.attempts import SignInAttempt
from accounts.models.factors import RecoveryCode, SecondFactor
from accounts.models.invitations import Invitation
from accounts.models.letters import Letter
from accounts.models.sessions import DeskSession, KnownDevice

__all__ = ["DeskSession", "Invitation", "KnownDevice", "Letter", "RecoveryCode", "SecondFactor", "SignInAttempt"]
