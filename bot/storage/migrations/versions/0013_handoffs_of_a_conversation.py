"""Find a conversation's handoffs without a look at all others.

A deleted conversation has the database look for rows that hang on it, and how often somebody has
asked for an advocate is counted.
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_handoffs_conversation_id"), "handoffs", ["conversation_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_handoffs_conversation_id"), table_name="handoffs")
