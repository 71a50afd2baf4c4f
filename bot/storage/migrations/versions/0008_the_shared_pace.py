"""How fast a channel may be called, shared by all processes."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paces",
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("level", sa.Float, nullable=False),
        sa.Column("filled_at", sa.BigInteger, nullable=False),
        sa.Column("held_until", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_paces")),
    )


def downgrade() -> None:
    op.drop_table("paces")
