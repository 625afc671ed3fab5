"""What is done in the background."""

from community.services.rendering import render_all_anew
from portal.jobs.retries import job


@job
def render_texts() -> int:
    """Render ideas, comments and answers anew after the renderer has changed."""
    return render_all_anew()
