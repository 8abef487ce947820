from leads.models.alert import Alert
from leads.models.assignment import Assignment
from leads.models.attestation import Attestation
from leads.models.clock import Clock, ClockPause
from leads.models.commitments import Pace, PaceAlert
from leads.models.company import Company
from leads.models.contribution import Contribution
from leads.models.events.inbound import Inbound, InboundItem
from leads.models.events.source import EventSource
from leads.models.events.subscription import Outgoing, Subscription
from leads.models.files.outcome import ImportSlice
from leads.models.files.saved import SavedMapping
from leads.models.files.upload import Upload
from leads.models.handoff import Handoff, HandoffMove
from leads.models.imported import Claim, ImportRun
from leads.models.lead import Lead, LeadSource
from leads.models.library.content import Content, ContentTag
from leads.models.marks.heard import WordHeard
from leads.models.marks.merge import Merge
from leads.models.privacy.consent import Consent
from leads.models.privacy.request import PrivacyRequest
from leads.models.privacy.rule import RetentionRule
from leads.models.reviewing import BreachCause, CrmCount, IntegrityAnswer, ReviewNote
from leads.models.rolling import RolledCell, RolledShare, RolledTo
from leads.models.sealing import Seal, SealCheck
from leads.models.stage_entry import StageEntry
from leads.models.sweep import AuditPass, Outage, SweepHold, SweepPass
from leads.models.timer import Timer
from leads.models.touch import Meeting, Touch
from leads.models.turn import Turn

__all__ = [
    "Alert",
    "Assignment",
    "Attestation",
    "AuditPass",
    "BreachCause",
    "Claim",
    "Clock",
    "ClockPause",
    "Company",
    "Consent",
    "Content",
    "ContentTag",
    "Contribution",
    "CrmCount",
    "EventSource",
    "Handoff",
    "HandoffMove",
    "ImportRun",
    "ImportSlice",
    "Inbound",
    "InboundItem",
    "IntegrityAnswer",
    "Lead",
    "LeadSource",
    "Meeting",
    "Merge",
    "Outage",
    "Outgoing",
    "Pace",
    "PaceAlert",
    "PrivacyRequest",
    "RetentionRule",
    "ReviewNote",
    "RolledCell",
    "RolledShare",
    "RolledTo",
    "SavedMapping",
    "Seal",
    "SealCheck",
    "StageEntry",
    "Subscription",
    "SweepHold",
    "SweepPass",
    "Timer",
    "Touch",
    "Turn",
    "Upload",
    "WordHeard",
]
