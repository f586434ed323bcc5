"""Every rule the database holds, written once in SQL that both databases read alike."""

from smpclinic.database.guards.kinds import DELETE
from smpclinic.database.guards.plan_rules import APPOINTMENT_RULES, APPOINTMENTS, EXCLUSIONS, PLAN_RULES
from smpclinic.database.guards.record_rules import PEOPLE_RULES, RECALL_RULES, RECORD_RULES, TRAIL_RULES

RULES = APPOINTMENT_RULES + PLAN_RULES + PEOPLE_RULES + TRAIL_RULES + RECORD_RULES + RECALL_RULES
TABLES = {rule.table for rule in RULES}
# Emptying these in one statement would pass the row triggers by.
KEPT_WHOLE = tuple(sorted({rule.table for rule in RULES if DELETE in rule.events}))

__all__ = ["APPOINTMENTS", "EXCLUSIONS", "KEPT_WHOLE", "RULES", "TABLES"]
