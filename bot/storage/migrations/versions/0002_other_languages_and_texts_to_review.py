"""other languages and texts to review"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import bot.storage.base

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table('conversations', schema=None) as batch_op:
        batch_op.add_column(sa.Column('language_watch', sa.JSON(), server_default='{}', nullable=False))

    op.create_table('review_texts',
    sa.Column('fingerprint', sa.String(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('why', sa.String(), nullable=False),
    sa.Column('guessed', sa.String(), nullable=True),
    sa.Column('confidence', sa.Double(), nullable=True),
    sa.Column('second', sa.String(), nullable=True),
    sa.Column('second_confidence', sa.Double(), nullable=True),
    sa.Column('suggested', sa.String(), nullable=True),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.Column('first_at', bot.storage.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('last_at', bot.storage.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('label', sa.String(), nullable=True),
    sa.Column('labelled_by', sa.String(), nullable=True),
    sa.Column('labelled_at', bot.storage.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('exported_at', bot.storage.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_texts')),
    sa.UniqueConstraint('fingerprint', name=op.f('uq_review_texts_fingerprint'))
    )
    with op.batch_alter_table('review_texts', schema=None) as batch_op:
        batch_op.create_index('ix_review_texts_list', ['status', 'language', 'last_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_review_texts_last_at'), ['last_at'], unique=False)


def downgrade() -> None:
    """Go back."""
    op.drop_table('review_texts')
    with op.batch_alter_table('conversations', schema=None) as batch_op:
        batch_op.drop_column('language_watch')
