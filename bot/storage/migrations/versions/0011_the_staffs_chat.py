"""The staff's chat, and what was told again because nobody took it on."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staff_room",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("shown", sa.LargeBinary(length=32), nullable=False),
        sa.Column("shown_at", sa.BigInteger(), nullable=True),
        sa.Column("notice", sa.Uuid(), nullable=True),
        sa.Column("silent_until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_room")),
    )
    for table in ("alerts", "handoffs"):
        # No batch: on SQLite it makes the table anew, and takes along what hangs on its rows.
        louder = sa.Column("louder", sa.SmallInteger(), server_default="0", nullable=False)
        op.add_column(table, louder)
        if op.get_bind().dialect.name == "postgresql":
            op.alter_column(table, "louder", server_default=None)


def downgrade() -> None:
    for table in ("handoffs", "alerts"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("louder")
    op.drop_table("staff_room")
