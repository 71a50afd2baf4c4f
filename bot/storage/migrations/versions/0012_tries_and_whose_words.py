"""Failed tries to sign in, who of the staff wrote a message, and who set a desk."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tries",
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_tries")),
    )
    op.create_index(op.f("ix_tries_last_at"), "tries", ["last_at"])
    # No batch: on SQLite it makes the table anew, and takes along what hangs on its rows.
    op.add_column("messages", sa.Column("advocate_id", sa.Uuid(), nullable=True))
    op.add_column("desks", sa.Column("set_by", sa.Uuid(), nullable=True))


def downgrade() -> None:
    for table, column in (("desks", "set_by"), ("messages", "advocate_id")):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(column)
    op.drop_index(op.f("ix_tries_last_at"), table_name="tries")
    op.drop_table("tries")
