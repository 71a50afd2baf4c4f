"""The intents, the vocabulary shared with `nlu/`. A test holds both sides to it."""

from enum import StrEnum


class Intent(StrEnum):
    """What a person wants, as Rasa names it (``nlu/domain.yml``)."""

    GREET = "greet"
    GOODBYE = "goodbye"
    THANKS = "thanks"
    AFFIRM = "affirm"
    DENY = "deny"
    HELP_MENU = "help_menu"
    IMMEDIATE_DANGER = "immediate_danger"
    SUICIDAL_THOUGHTS = "suicidal_thoughts"
    CHILD_IN_DANGER = "child_in_danger"
    INJURY_MEDICAL = "injury_medical"
    SEXUAL_VIOLENCE = "sexual_violence"
    STALKING = "stalking"
    STRANGULATION = "strangulation"
    THREATS_WEAPON = "threats_weapon"
    DISCLOSE_ABUSE = "disclose_abuse"
    ASK_IS_THIS_ABUSE = "ask_is_this_abuse"
    ASK_SAFETY_PLAN = "ask_safety_plan"
    ASK_POLICE_PROCESS = "ask_police_process"
    ASK_ALTERNATIVES_TO_POLICE = "ask_alternatives_to_police"
    ASK_PROTECTION_ORDER = "ask_protection_order"
    ASK_LEGAL_HELP = "ask_legal_help"
    ASK_CHILD_CUSTODY = "ask_child_custody"
    ASK_IMMIGRATION = "ask_immigration"
    ASK_SHELTER = "ask_shelter"
    ASK_HOUSING = "ask_housing"
    ASK_MONEY = "ask_money"
    ASK_HEALTHCARE = "ask_healthcare"
    ASK_COUNSELLING = "ask_counselling"
    ASK_TECH_SAFETY = "ask_tech_safety"
    ASK_LGBTQ_SUPPORT = "ask_lgbtq_support"
    ASK_DISABILITY_SUPPORT = "ask_disability_support"
    ASK_MALE_SURVIVOR = "ask_male_survivor"
    ASK_CULTURAL_COMMUNITY = "ask_cultural_community"
    ASK_PETS = "ask_pets"
    ASK_WORKPLACE = "ask_workplace"
    ASK_HELP_SOMEONE_ELSE = "ask_help_someone_else"
    ASK_PARTNER_CHANGE = "ask_partner_change"
    ASK_EVIDENCE = "ask_evidence"
    ASK_CONFIDENTIALITY = "ask_confidentiality"
    ASK_WHO_ARE_YOU = "ask_who_are_you"
    TALK_TO_HUMAN = "talk_to_human"
    START_CHECKIN = "start_checkin"
    CANCEL_CHECKIN = "cancel_checkin"
    CHECKIN_OK = "checkin_ok"
    CHECKIN_NOT_OK = "checkin_not_ok"
    DELETE_HISTORY = "delete_history"
    QUICK_EXIT = "quick_exit"
    CHANGE_LANGUAGE = "change_language"
    ASK_LOCATION_RESOURCES = "ask_location_resources"
    OUT_OF_SCOPE = "out_of_scope"


CRITICAL = frozenset(
    {
        Intent.IMMEDIATE_DANGER,
        Intent.SUICIDAL_THOUGHTS,
        Intent.CHILD_IN_DANGER,
        Intent.STRANGULATION,
        Intent.THREATS_WEAPON,
        Intent.CHECKIN_NOT_OK,
        Intent.QUICK_EXIT,
    }
)
"""A miss here can cost a life: the safety net listens for these besides the model."""

DANGER = frozenset(
    {
        Intent.IMMEDIATE_DANGER,
        Intent.SUICIDAL_THOUGHTS,
        Intent.CHILD_IN_DANGER,
        Intent.STRANGULATION,
        Intent.THREATS_WEAPON,
        Intent.INJURY_MEDICAL,
        Intent.SEXUAL_VIOLENCE,
        Intent.STALKING,
    }
)
"""These open the danger flow."""
