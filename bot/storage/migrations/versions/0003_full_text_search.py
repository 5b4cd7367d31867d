"""full-text search, questions in several languages"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

FTS5 = (
    "CREATE VIRTUAL TABLE search_words USING fts5(words, content='search_texts', content_rowid='id', "
    "tokenize='unicode61 remove_diacritics 2')",
    "CREATE TRIGGER search_words_put AFTER INSERT ON search_texts BEGIN "
    "INSERT INTO search_words(rowid, words) VALUES (new.id, new.words); END",
    "CREATE TRIGGER search_words_drop AFTER DELETE ON search_texts BEGIN "
    "INSERT INTO search_words(search_words, rowid, words) VALUES ('delete', old.id, old.words); END",
    "CREATE TRIGGER search_words_change AFTER UPDATE ON search_texts BEGIN "
    "INSERT INTO search_words(search_words, rowid, words) VALUES ('delete', old.id, old.words); "
    "INSERT INTO search_words(rowid, words) VALUES (new.id, new.words); END",
)
TSVECTOR = (
    "ALTER TABLE search_texts ADD COLUMN search_words tsvector "
    "GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED",
    "CREATE INDEX search_words_gin ON search_texts USING gin (search_words)",
)


def upgrade() -> None:
    """Go forward. The texts themselves go into the index with the clock's next tick."""
    op.create_table('search_texts',
    sa.Column('owner_kind', sa.String(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('version', sa.String(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_texts')),
    sa.UniqueConstraint('owner_kind', 'owner_id', 'language', name=op.f('uq_search_texts_owner_kind_owner_id_language'))
    )
    for statement in FTS5 if op.get_bind().dialect.name == "sqlite" else TSVECTOR:
        op.execute(statement)
    with op.batch_alter_table('articles', schema=None) as batch_op:
        batch_op.add_column(sa.Column('questions_in', sa.JSON(), server_default='{}', nullable=False))
    with op.batch_alter_table('embeddings', schema=None) as batch_op:
        batch_op.add_column(sa.Column('language', sa.String(), server_default='', nullable=False))
        batch_op.create_index('ix_embeddings_mark', ['owner_kind', 'made_at', 'id'], unique=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table('embeddings', schema=None) as batch_op:
        batch_op.drop_index('ix_embeddings_mark')
        batch_op.drop_column('language')
    with op.batch_alter_table('articles', schema=None) as batch_op:
        batch_op.drop_column('questions_in')
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_words")
    op.drop_table('search_texts')
