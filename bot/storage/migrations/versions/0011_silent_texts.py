"""texts of which no report came, texts that did not arrive, numbers from which there is no way to a line"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import bot.storage.base

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = bot.storage.base.UtcDateTime(timezone=True)
LOST = sa.text("state in ('failed','undelivered','unresolved')")
SILENT = sa.text("state = 'sent' and looks < 4")


def upgrade() -> None:
    """Go forward."""
    op.add_column('deliveries', sa.Column('looks', sa.Integer(), server_default='0', nullable=False))
    op.create_index('ix_deliveries_silent', 'deliveries', ['looks', 'sent_at'], unique=False,
                    sqlite_where=SILENT, postgresql_where=SILENT)
    op.create_index('ix_deliveries_lost', 'deliveries', ['created_at', 'id'], unique=False,
                    sqlite_where=LOST, postgresql_where=LOST)
    op.add_column('status_events', sa.Column('scope', sa.String(), server_default='message', nullable=False))
    op.add_column('status_events', sa.Column('not_before', MOMENT, nullable=True))
    with op.batch_alter_table('sender_lines', schema=None) as batch_op:
        batch_op.add_column(sa.Column('not_from_id', KEY, nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_sender_lines_not_from_id_sender_numbers'),
                                    'sender_numbers', ['not_from_id'], ['id'])


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table('sender_lines', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_sender_lines_not_from_id_sender_numbers'), type_='foreignkey')
        batch_op.drop_column('not_from_id')
    op.drop_column('status_events', 'not_before')
    op.drop_column('status_events', 'scope')
    op.drop_index('ix_deliveries_lost', table_name='deliveries')
    op.drop_index('ix_deliveries_silent', table_name='deliveries')
    op.drop_column('deliveries', 'looks')
