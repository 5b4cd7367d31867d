"""claims in bulk"""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

ORDINARY = text("state in ('held','queued') and priority >= 0")
BULK = text("state in ('held','queued') and priority < 0")
SENDING = text("state = 'sending'")
OPEN = text("state in ('held','queued','sending')")


def upgrade() -> None:
    """Go forward."""
    op.drop_index('ix_deliveries_due', table_name='deliveries')
    op.create_index('ix_deliveries_due', 'deliveries', ['due_at', 'id'], unique=False,
                    sqlite_where=ORDINARY, postgresql_where=ORDINARY)
    op.create_index('ix_deliveries_bulk', 'deliveries', ['priority', 'due_at', 'id'], unique=False,
                    sqlite_where=BULK, postgresql_where=BULK)
    op.create_index('ix_deliveries_sending', 'deliveries', ['lease_until'], unique=False,
                    sqlite_where=SENDING, postgresql_where=SENDING)


def downgrade() -> None:
    """Go back."""
    op.drop_index('ix_deliveries_sending', table_name='deliveries')
    op.drop_index('ix_deliveries_bulk', table_name='deliveries')
    op.drop_index('ix_deliveries_due', table_name='deliveries')
    op.create_index('ix_deliveries_due', 'deliveries', ['due_at', 'id'], unique=False,
                    sqlite_where=OPEN, postgresql_where=OPEN)
