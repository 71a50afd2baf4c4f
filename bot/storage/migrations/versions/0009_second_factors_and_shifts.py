"""Passkeys, recovery codes, locked sessions, shifts, and settings that are changed live."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "passkeys",
        sa.Column("id", sa.String(length=1400), nullable=False),
        sa.Column("advocate_id", sa.Uuid(), nullable=False),
        sa.Column("public_key", sa.String(length=2048), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["advocate_id"], ["advocates.id"], name=op.f("fk_passkeys_advocate_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
    )
    op.create_index(op.f("ix_passkeys_advocate_id"), "passkeys", ["advocate_id"])
    op.create_table(
        "challenges",
        sa.Column("nonce_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("nonce_hash", name=op.f("pk_challenges")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("advocate_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["advocate_id"], ["advocates.id"], name=op.f("fk_recovery_codes_advocate_id")
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_recovery_codes")),
    )
    op.create_index(op.f("ix_recovery_codes_advocate_id"), "recovery_codes", ["advocate_id"])
    op.create_table(
        "shifts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("advocate_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["advocate_id"], ["advocates.id"], name=op.f("fk_shifts_advocate_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shifts")),
    )
    op.create_index(op.f("ix_shifts_ends_at"), "shifts", ["ends_at"])
    op.create_table(
        "live_settings",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.String(length=8192), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_live_settings")),
    )
    op.add_column("sessions", sa.Column("locked_at", sa.BigInteger(), nullable=True))
    op.add_column(
        "sessions", sa.Column("tries", sa.SmallInteger(), nullable=False, server_default="0")
    )


def downgrade() -> None:
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.drop_column("tries")
        batch_op.drop_column("locked_at")
    op.drop_table("live_settings")
    op.drop_table("shifts")
    op.drop_table("recovery_codes")
    op.drop_table("challenges")
    op.drop_table("passkeys")
