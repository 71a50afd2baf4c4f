"""Find what is over, or late, without a look at everybody.

Housekeeping and figures look again and again: what they ask for has an index each.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_PLANNED = sa.text("length(plan) > 0")
_OPEN = sa.text("acknowledged_at IS NULL AND all_clear_at IS NULL")


def upgrade() -> None:
    op.create_index(op.f("ix_messages_delete_at"), "messages", ["delete_at"])
    op.create_index(op.f("ix_checkins_phase_due_at"), "checkins", ["phase", "due_at"])
    op.create_index(
        "ix_checkins_planned",
        "checkins",
        ["due_at"],
        sqlite_where=_PLANNED,
        postgresql_where=_PLANNED,
    )
    op.create_index(op.f("ix_contacts_expires_at"), "contacts", ["expires_at"])
    op.create_index(
        "ix_alerts_open", "alerts", ["raised_at"], sqlite_where=_OPEN, postgresql_where=_OPEN
    )


def downgrade() -> None:
    op.drop_index("ix_alerts_open", table_name="alerts")
    op.drop_index(op.f("ix_contacts_expires_at"), table_name="contacts")
    op.drop_index("ix_checkins_planned", table_name="checkins")
    op.drop_index(op.f("ix_checkins_phase_due_at"), table_name="checkins")
    op.drop_index(op.f("ix_messages_delete_at"), table_name="messages")
