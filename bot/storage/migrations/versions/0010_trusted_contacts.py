"""Trusted contacts."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contacts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("guest_index", sa.LargeBinary(length=32), nullable=True),
        sa.Column("token_index", sa.LargeBinary(length=32), nullable=True),
        sa.Column("for_owner", sa.LargeBinary(), nullable=False),
        sa.Column("for_guest", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        sa.UniqueConstraint("owner_index", name=op.f("uq_contacts_owner_index")),
        sa.UniqueConstraint("token_index", name=op.f("uq_contacts_token_index")),
    )
    op.create_index(op.f("ix_contacts_guest_index"), "contacts", ["guest_index"])


def downgrade() -> None:
    op.drop_index(op.f("ix_contacts_guest_index"), table_name="contacts")
    op.drop_table("contacts")
