"""The queue: order, matching, passing on, support, silence; desks, blocks and counts."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_NEW = (
    "rank_at",
    "ready_at",
    "skill",
    "passing",
    "passing_to",
    "support_id",
    "unanswered_since",
    "told_place",
    "close_reason",
)


def upgrade() -> None:
    with op.batch_alter_table("handoffs") as batch_op:
        batch_op.add_column(sa.Column("rank_at", sa.BigInteger()))
        batch_op.add_column(sa.Column("ready_at", sa.BigInteger()))
        reason = sa.Column("close_reason", sa.String(16), nullable=False, server_default="")
        batch_op.add_column(reason)
        batch_op.add_column(sa.Column("skill", sa.LargeBinary()))
        batch_op.add_column(
            sa.Column("passing", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("passing_to", sa.Uuid()))
        batch_op.add_column(sa.Column("support_id", sa.Uuid()))
        batch_op.add_column(sa.Column("unanswered_since", sa.BigInteger()))
        told = sa.Column("told_place", sa.Integer(), nullable=False, server_default="0")
        batch_op.add_column(told)
        batch_op.drop_index("ix_handoffs_state_priority_queued_at")
    op.execute("UPDATE handoffs SET rank_at = queued_at, ready_at = queued_at")
    with op.batch_alter_table("handoffs") as batch_op:
        batch_op.alter_column("rank_at", existing_type=sa.BigInteger(), nullable=False)
        batch_op.alter_column("ready_at", existing_type=sa.BigInteger(), nullable=False)
        batch_op.create_index("ix_handoffs_state_rank_at", ["state", "rank_at"])
    op.create_table(
        "desks",
        sa.Column("advocate_id", sa.Uuid(), nullable=False),
        sa.Column("duty", sa.String(16), nullable=False),
        sa.Column("skills", sa.String(255), nullable=False),
        sa.Column("capacity", sa.SmallInteger()),
        sa.PrimaryKeyConstraint("advocate_id", name="pk_desks"),
    )
    op.create_table(
        "blocks",
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("address_index", sa.LargeBinary(32), nullable=False),
        sa.Column("blocked_by", sa.Uuid(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "address_index", name="pk_blocks"),
    )
    op.create_index("ix_blocks_until", "blocks", ["until"])
    op.create_table(
        "tallies",
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "name", name="pk_tallies"),
    )


def downgrade() -> None:
    for table in ("tallies", "blocks", "desks"):
        op.drop_table(table)
    with op.batch_alter_table("handoffs") as batch_op:
        batch_op.drop_index("ix_handoffs_state_rank_at")
        for name in _NEW:
            batch_op.drop_column(name)
        batch_op.create_index(
            "ix_handoffs_state_priority_queued_at", ["state", "priority", "queued_at"]
        )
