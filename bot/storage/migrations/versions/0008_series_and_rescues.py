"""series, rescues, cases of broadcasts"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import bot.storage.base

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = bot.storage.base.UtcDateTime(timezone=True)


def upgrade() -> None:
    """Go forward."""
    op.create_table('broadcast_series',
    sa.Column('author_id', KEY, nullable=False),
    sa.Column('rule', sa.String(), nullable=False),
    sa.Column('starts_at', MOMENT, nullable=False),
    sa.Column('skip_closed', sa.Boolean(), nullable=False),
    sa.Column('lasts', sa.Integer(), nullable=False),
    sa.Column('about_after', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('skipped', sa.JSON(), nullable=False),
    sa.Column('made_until', MOMENT, nullable=True),
    sa.Column('approved_content', sa.String(), nullable=True),
    sa.Column('approved_by', KEY, nullable=True),
    sa.Column('approved_at', MOMENT, nullable=True),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('ended_at', MOMENT, nullable=True),
    sa.Column('id', KEY, autoincrement=True, nullable=False),
    sa.ForeignKeyConstraint(['approved_by'], ['staff_members.id'], name=op.f('fk_broadcast_series_approved_by_staff_members')),
    sa.ForeignKeyConstraint(['author_id'], ['staff_members.id'], name=op.f('fk_broadcast_series_author_id_staff_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_broadcast_series'))
    )
    op.create_index('ix_broadcast_series_state', 'broadcast_series', ['state'], unique=False)

    with op.batch_alter_table('broadcasts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('translators', sa.JSON(), server_default='{}', nullable=False))
        batch_op.add_column(sa.Column('series_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('occurrence', MOMENT, nullable=True))
        batch_op.add_column(sa.Column('fallback', sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.create_index('ix_broadcasts_occurrence', ['series_id', 'occurrence'], unique=True)

    with op.batch_alter_table('broadcast_recipients', schema=None) as batch_op:
        batch_op.add_column(sa.Column('rescue', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('rescue_of', sa.Integer(), nullable=True))
        batch_op.create_index('ix_broadcast_recipients_rescue_of', ['rescue_of'], unique=True,
                              sqlite_where=sa.text('rescue_of is not null'),
                              postgresql_where=sa.text('rescue_of is not null'))

    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.add_column(sa.Column('broadcast_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('cause', sa.String(), nullable=True))
        batch_op.create_index('ix_cases_broadcast', ['broadcast_id'], unique=False,
                              sqlite_where=sa.text('broadcast_id is not null'),
                              postgresql_where=sa.text('broadcast_id is not null'))
        batch_op.create_index('ix_cases_cause', ['cause'], unique=True,
                              sqlite_where=sa.text('cause is not null'),
                              postgresql_where=sa.text('cause is not null'))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.drop_index('ix_cases_cause')
        batch_op.drop_index('ix_cases_broadcast')
        batch_op.drop_column('cause')
        batch_op.drop_column('broadcast_id')
    with op.batch_alter_table('broadcast_recipients', schema=None) as batch_op:
        batch_op.drop_index('ix_broadcast_recipients_rescue_of')
        batch_op.drop_column('rescue_of')
        batch_op.drop_column('rescue')
    with op.batch_alter_table('broadcasts', schema=None) as batch_op:
        batch_op.drop_index('ix_broadcasts_occurrence')
        batch_op.drop_column('fallback')
        batch_op.drop_column('occurrence')
        batch_op.drop_column('series_id')
        batch_op.drop_column('translators')
    op.drop_table('broadcast_series')
