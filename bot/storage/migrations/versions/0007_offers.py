"""Offers: whom an advocate is asked to take on, and whom they passed over."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("handoffs") as batch_op:
        batch_op.add_column(sa.Column("offered_to", sa.Uuid()))
        batch_op.add_column(sa.Column("offered_until", sa.BigInteger()))
    op.create_table(
        "offers",
        sa.Column("handoff_id", sa.Uuid(), nullable=False),
        sa.Column("advocate_id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("declined", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("handoff_id", "advocate_id", name="pk_offers"),
    )
    op.create_index("ix_offers_until", "offers", ["until"])


def downgrade() -> None:
    op.drop_table("offers")
    with op.batch_alter_table("handoffs") as batch_op:
        batch_op.drop_column("offered_to")
        batch_op.drop_column("offered_until")
