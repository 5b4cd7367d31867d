"""sender numbers and carrier accounts"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import bot.storage.base

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = bot.storage.base.UtcDateTime(timezone=True)


def upgrade() -> None:
    """Go forward."""
    op.create_table('carrier_accounts',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('opened_at', MOMENT, nullable=True),
    sa.Column('retry_at', MOMENT, nullable=True),
    sa.Column('probed_at', MOMENT, nullable=True),
    sa.Column('openings', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_carrier_accounts'))
    )

    op.create_table('sender_numbers',
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('account', sa.String(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('rate', sa.Double(), nullable=False),
    sa.Column('daily_segments', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=True),
    sa.Column('day_segments', sa.Integer(), nullable=False),
    sa.Column('free_at', MOMENT, nullable=False),
    sa.Column('prompt_at', MOMENT, nullable=False),
    sa.Column('bulk_at', MOMENT, nullable=False),
    sa.Column('paused_until', MOMENT, nullable=True),
    sa.Column('pauses', sa.Integer(), nullable=False),
    sa.Column('pause_reason', sa.String(), nullable=True),
    sa.Column('lines', sa.Integer(), nullable=False),
    sa.Column('id', KEY, autoincrement=True, nullable=False),
    sa.ForeignKeyConstraint(['account'], ['carrier_accounts.name'], name=op.f('fk_sender_numbers_account_carrier_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sender_numbers')),
    sa.UniqueConstraint('channel', 'address', name=op.f('uq_sender_numbers_channel_address'))
    )
    op.create_index(op.f('ix_sender_numbers_account'), 'sender_numbers', ['account'], unique=False)

    op.create_table('sender_lines',
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('recipient', sa.String(), nullable=False),
    sa.Column('sender_id', KEY, nullable=False),
    sa.ForeignKeyConstraint(['sender_id'], ['sender_numbers.id'], name=op.f('fk_sender_lines_sender_id_sender_numbers')),
    sa.PrimaryKeyConstraint('channel', 'recipient', name=op.f('pk_sender_lines'))
    )
    op.create_index(op.f('ix_sender_lines_sender_id'), 'sender_lines', ['sender_id'], unique=False)

    with op.batch_alter_table('deliveries', schema=None) as batch_op:
        batch_op.add_column(sa.Column('sender', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('slot_at', MOMENT, nullable=True))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table('deliveries', schema=None) as batch_op:
        batch_op.drop_column('slot_at')
        batch_op.drop_column('sender')
    op.drop_table('sender_lines')
    op.drop_table('sender_numbers')
    op.drop_table('carrier_accounts')
