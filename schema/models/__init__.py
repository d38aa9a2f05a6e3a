"""The tables, as SQLAlchemy models: the one source of truth for what is stored."""

from schema.models.agents import Conversation, Run, Step, ToolCall
from schema.models.approvals import Approval
from schema.models.auditing import AuditEvent, AuditSeal
from schema.models.base import Base
from schema.models.customs import CustomField
from schema.models.intelligence import (
    AccountSummary,
    Cluster,
    ClusterMember,
    Insight,
    InsightEvidence,
    InsightReading,
    NightlyWork,
)
from schema.models.leads import Job, Lead, Opportunity, Partnership
from schema.models.meaning import Chunk, Embedding, EmbeddingModel, QueuedRecord
from schema.models.parties import Account, Contact, Individual, Organization
from schema.models.registry import RECORD_KINDS, Record, RecordTag
from schema.models.tenancy import ApiToken, Status, StatusTransition, Team, Tenant, User
from schema.models.work import Interaction, Note, Participant, Task

__all__ = [
    "RECORD_KINDS",
    "Account",
    "AccountSummary",
    "ApiToken",
    "Approval",
    "AuditEvent",
    "AuditSeal",
    "Base",
    "Chunk",
    "Cluster",
    "ClusterMember",
    "Contact",
    "Conversation",
    "CustomField",
    "Embedding",
    "EmbeddingModel",
    "Individual",
    "Insight",
    "InsightEvidence",
    "InsightReading",
    "Interaction",
    "Job",
    "Lead",
    "NightlyWork",
    "Note",
    "Opportunity",
    "Organization",
    "Participant",
    "Partnership",
    "QueuedRecord",
    "Record",
    "RecordTag",
    "Run",
    "Status",
    "StatusTransition",
    "Step",
    "Task",
    "Team",
    "Tenant",
    "ToolCall",
    "User",
]
