"""the tables of the job engine (Procrastinate 3.10), on PostgreSQL only"""

from __future__ import annotations

from alembic import op

from bot.storage import job_engine

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward. Later versions of the engine bring their own changes: every start looks after them."""
    job_engine.install(op.get_bind())


def downgrade() -> None:
    """Go back."""
    job_engine.remove(op.get_bind())
