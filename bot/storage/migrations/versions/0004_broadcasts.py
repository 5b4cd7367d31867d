"""broadcasts"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import bot.storage.base

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = bot.storage.base.UtcDateTime(timezone=True)


def upgrade() -> None:
    """Go forward."""
    op.create_table('broadcasts',
    sa.Column('author_id', KEY, nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('translations', sa.JSON(), nullable=False),
    sa.Column('about_on', sa.Date(), nullable=True),
    sa.Column('audience', sa.JSON(), nullable=False),
    sa.Column('category', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('paused_from', sa.String(), nullable=True),
    sa.Column('send_at', MOMENT, nullable=True),
    sa.Column('expires_at', MOMENT, nullable=True),
    sa.Column('needs_approval', sa.Boolean(), nullable=False),
    sa.Column('approved_by', KEY, nullable=True),
    sa.Column('approved_at', MOMENT, nullable=True),
    sa.Column('undo_until', MOMENT, nullable=True),
    sa.Column('resolved', sa.Boolean(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('finished_at', MOMENT, nullable=True),
    sa.Column('id', KEY, autoincrement=True, nullable=False),
    sa.ForeignKeyConstraint(['approved_by'], ['staff_members.id'], name=op.f('fk_broadcasts_approved_by_staff_members')),
    sa.ForeignKeyConstraint(['author_id'], ['staff_members.id'], name=op.f('fk_broadcasts_author_id_staff_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_broadcasts'))
    )
    op.create_index('ix_broadcasts_state', 'broadcasts', ['state', 'send_at'], unique=False)
    op.create_index(op.f('ix_broadcasts_author_id'), 'broadcasts', ['author_id'], unique=False)

    op.create_table('broadcast_recipients',
    sa.Column('broadcast_id', KEY, nullable=False),
    sa.Column('contact_id', KEY, nullable=True),
    sa.Column('guardian_id', KEY, nullable=False),
    sa.Column('line', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('children', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=True),
    sa.Column('delivery_id', KEY, nullable=True),
    sa.Column('id', KEY, autoincrement=True, nullable=False),
    sa.ForeignKeyConstraint(['broadcast_id'], ['broadcasts.id'], name=op.f('fk_broadcast_recipients_broadcast_id_broadcasts')),
    sa.ForeignKeyConstraint(['contact_id'], ['contacts.id'], name=op.f('fk_broadcast_recipients_contact_id_contacts')),
    sa.ForeignKeyConstraint(['delivery_id'], ['deliveries.id'], name=op.f('fk_broadcast_recipients_delivery_id_deliveries')),
    sa.ForeignKeyConstraint(['guardian_id'], ['guardians.id'], name=op.f('fk_broadcast_recipients_guardian_id_guardians')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_broadcast_recipients')),
    sa.UniqueConstraint('broadcast_id', 'contact_id', name=op.f('uq_broadcast_recipients_broadcast_id_contact_id'))
    )
    op.create_index('ix_broadcast_recipients_state', 'broadcast_recipients', ['broadcast_id', 'state', 'id'], unique=False)
    op.create_index('ix_broadcast_recipients_line', 'broadcast_recipients', ['broadcast_id', 'line'], unique=False)
    op.create_index(op.f('ix_broadcast_recipients_contact_id'), 'broadcast_recipients', ['contact_id'], unique=False)

    with op.batch_alter_table('deliveries', schema=None) as batch_op:
        batch_op.add_column(sa.Column('broadcast_id', sa.Integer(), nullable=True))
        batch_op.create_index('ix_deliveries_broadcast', ['broadcast_id', 'state'], unique=False,
                              sqlite_where=sa.text('broadcast_id is not null'),
                              postgresql_where=sa.text('broadcast_id is not null'))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table('deliveries', schema=None) as batch_op:
        batch_op.drop_index('ix_deliveries_broadcast')
        batch_op.drop_column('broadcast_id')
    op.drop_table('broadcast_recipients')
    op.drop_table('broadcasts')
