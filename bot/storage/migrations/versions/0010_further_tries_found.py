"""further tries found"""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

TRIES = text("resend_of is not null")


def upgrade() -> None:
    """Go forward."""
    op.create_index('ix_deliveries_resend_of', 'deliveries', ['resend_of'], unique=False,
                    sqlite_where=TRIES, postgresql_where=TRIES)


def downgrade() -> None:
    """Go back."""
    op.drop_index('ix_deliveries_resend_of', table_name='deliveries')
