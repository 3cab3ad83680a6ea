"""What other modules may import of jobs."""

from zhen.kernel.jobs.declarations import JOBS, Job
from zhen.kernel.jobs.enqueueing import enqueue
from zhen.kernel.jobs.models import Run
from zhen.kernel.jobs.running import DEAD_AFTER, HEARTBEAT, register, rescue, rescue_until_cancelled

__all__ = ["DEAD_AFTER", "HEARTBEAT", "JOBS", "Job", "Run", "enqueue", "register", "rescue", "rescue_until_cancelled"]
