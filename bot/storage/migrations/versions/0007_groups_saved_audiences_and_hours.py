"""groups, saved audiences, guardians' own hours and zones, one text a child"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import bot.storage.base

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None
contracts = {'broadcast_recipients': 'unreleased'}  # its rule of one row a contact: no release has had this table

KEY = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = bot.storage.base.UtcDateTime(timezone=True)
STANDS = sa.text('removed_at is null')
OF_ALL, OF_EACH = ('uq_broadcast_recipients_broadcast_id_contact_id',
                   'uq_broadcast_recipients_broadcast_id_contact_id_about_child')


def upgrade() -> None:
    """Go forward."""
    op.create_table('student_groups',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('name_key', sa.String(), nullable=False),
    sa.Column('leader_id', KEY, nullable=True),
    sa.Column('made_by', sa.String(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('removed_at', MOMENT, nullable=True),
    sa.Column('id', KEY, autoincrement=True, nullable=False),
    sa.ForeignKeyConstraint(['leader_id'], ['staff_members.id'], name=op.f('fk_student_groups_leader_id_staff_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_student_groups'))
    )
    op.create_index('uq_student_groups_standing', 'student_groups', ['name_key'], unique=True,
                    sqlite_where=STANDS, postgresql_where=STANDS)
    op.create_index(op.f('ix_student_groups_leader_id'), 'student_groups', ['leader_id'], unique=False)

    op.create_table('student_group_members',
    sa.Column('group_id', KEY, nullable=False),
    sa.Column('student_id', KEY, nullable=False),
    sa.Column('id', KEY, autoincrement=True, nullable=False),
    sa.ForeignKeyConstraint(['group_id'], ['student_groups.id'], name=op.f('fk_student_group_members_group_id_student_groups')),
    sa.ForeignKeyConstraint(['student_id'], ['students.id'], name=op.f('fk_student_group_members_student_id_students')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_student_group_members')),
    sa.UniqueConstraint('group_id', 'student_id', name=op.f('uq_student_group_members_group_id_student_id'))
    )
    op.create_index(op.f('ix_student_group_members_student_id'), 'student_group_members', ['student_id'], unique=False)

    op.create_table('saved_audiences',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('name_key', sa.String(), nullable=False),
    sa.Column('audience', sa.JSON(), nullable=False),
    sa.Column('author_id', KEY, nullable=True),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('removed_at', MOMENT, nullable=True),
    sa.Column('id', KEY, autoincrement=True, nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['staff_members.id'], name=op.f('fk_saved_audiences_author_id_staff_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_audiences'))
    )
    op.create_index('uq_saved_audiences_standing', 'saved_audiences', ['name_key'], unique=True,
                    sqlite_where=STANDS, postgresql_where=STANDS)

    op.create_table('guardian_rests',
    sa.Column('guardian_id', KEY, nullable=False),
    sa.Column('not_before', sa.Time(), nullable=True),
    sa.Column('not_after', sa.Time(), nullable=True),
    sa.Column('time_zone', sa.String(), nullable=True),
    sa.Column('set_by', sa.String(), nullable=False),
    sa.Column('set_at', MOMENT, nullable=False),
    sa.Column('id', KEY, autoincrement=True, nullable=False),
    sa.ForeignKeyConstraint(['guardian_id'], ['guardians.id'], name=op.f('fk_guardian_rests_guardian_id_guardians')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guardian_rests')),
    sa.UniqueConstraint('guardian_id', name=op.f('uq_guardian_rests_guardian_id'))
    )

    with op.batch_alter_table('guardians', schema=None) as batch_op:
        batch_op.add_column(sa.Column('time_zone', sa.String(), nullable=True))

    with op.batch_alter_table('broadcasts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('saved_audience_id', KEY, nullable=True))
        batch_op.add_column(sa.Column('one_per', sa.String(), server_default='household', nullable=False))
        batch_op.add_column(sa.Column('override_reason', sa.Text(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_broadcasts_saved_audience_id_saved_audiences'), 'saved_audiences',
                                    ['saved_audience_id'], ['id'])
        batch_op.create_index(batch_op.f('ix_broadcasts_saved_audience_id'), ['saved_audience_id'], unique=False)

    with op.batch_alter_table('broadcast_recipients', schema=None) as batch_op:
        batch_op.add_column(sa.Column('about_child', KEY, server_default='0', nullable=False))
        batch_op.drop_constraint(OF_ALL, type_='unique')
        batch_op.create_unique_constraint(batch_op.f(OF_EACH), ['broadcast_id', 'contact_id', 'about_child'])


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table('broadcast_recipients', schema=None) as batch_op:
        batch_op.drop_constraint(OF_EACH, type_='unique')
        batch_op.drop_column('about_child')
        batch_op.create_unique_constraint(batch_op.f(OF_ALL), ['broadcast_id', 'contact_id'])
    with op.batch_alter_table('broadcasts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_broadcasts_saved_audience_id'))
        batch_op.drop_constraint(batch_op.f('fk_broadcasts_saved_audience_id_saved_audiences'), type_='foreignkey')
        for column in ('saved_audience_id', 'one_per', 'override_reason'):
            batch_op.drop_column(column)
    with op.batch_alter_table('guardians', schema=None) as batch_op:
        batch_op.drop_column('time_zone')
    for table in ('guardian_rests', 'saved_audiences', 'student_group_members', 'student_groups'):
        op.drop_table(table)
