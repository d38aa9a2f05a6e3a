"""What is measured while it happens: counts and durations, for whoever watches an installation.

Labels come from small fixed sets. A tenant, a user, a record or anything that people wrote is never one: whoever reads
metrics need not be somebody who may read records.
"""

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, disable_created_metrics

# Twice as many lines that tell when each series began, which nobody asks.
disable_created_metrics()

REGISTRY = CollectorRegistry()
"""Of this process."""
ProcessCollector(registry=REGISTRY)

_FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_SLOW = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)
"""Upper bounds in seconds: of what a database does, and of what a language model does."""

EMBEDDING_GENERATION = Histogram(
    "embedding_generation_duration_seconds",
    "Time to generate embeddings: of a batch of texts (entity_type record), or of what is searched for (query).",
    ["entity_type"],
    buckets=_FAST,
    registry=REGISTRY,
)
EMBEDDING_SEARCH = Histogram(
    "embedding_search_duration_seconds",
    "Time to perform a search; entity_type is the kind of record that was looked for, or any.",
    ["entity_type"],
    buckets=_FAST,
    registry=REGISTRY,
)
HTTP_REQUESTS = Histogram(
    "crm_http_request_duration_seconds",
    "Time until a request was answered whole; of a stream, until it ended.",
    ["method", "route", "status"],
    buckets=_FAST,
    registry=REGISTRY,
)
AGENT_RUNS = Histogram(
    "crm_agent_run_duration_seconds",
    "Time that agent runs of this process took, by how they ended; a run that goes on after a decision counts again.",
    ["status"],
    buckets=_SLOW,
    registry=REGISTRY,
)
TOOL_CALLS = Histogram(
    "crm_tool_call_duration_seconds",
    "Time that tool calls took, by tool and outcome: ok, failed, denied or proposed.",
    ["tool", "outcome"],
    buckets=_FAST,
    registry=REGISTRY,
)
MODEL_TOKENS = Counter(
    "crm_model_tokens_total",
    "Tokens that went to language models (input) and came from them (output).",
    ["direction"],
    registry=REGISTRY,
)
