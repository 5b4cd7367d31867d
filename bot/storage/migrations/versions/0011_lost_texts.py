"""texts that did not arrive, by their day"""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

LOST = text("state in ('failed','undelivered','unresolved')")


def upgrade() -> None:
    """Go forward."""
    op.create_index('ix_deliveries_lost', 'deliveries', ['created_at', 'id'], unique=False,
                    sqlite_where=LOST, postgresql_where=LOST)


def downgrade() -> None:
    """Go back."""
    op.drop_index('ix_deliveries_lost', table_name='deliveries')
