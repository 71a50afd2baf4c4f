"""What is agreed with a browser and its passkeys, by py_webauthn.

The library takes some MB that stay: `bot.staff.passkeys` reads this when a passkey is first used.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import webauthn
from webauthn.helpers import options_to_json_dict
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from bot.staff.models import Site

_FOREIGN: Final = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError)
"""What the library raises on what a browser, or somebody else, made up."""


class Verified(NamedTuple):
    """A right answer: by which credential, its counter, and its public key."""

    credential: bytes
    counter: int
    public_key: bytes


def creation(
    site: Site, issuer: str, name: str, user: bytes, challenge: bytes, known: Sequence[bytes]
) -> dict[str, Any]:
    """JSON of `PublicKeyCredentialCreationOptions`; those that are `known` are not made again."""
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=issuer,
        user_name=name,
        user_id=user,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
    )
    return options_to_json_dict(options)


def request(site: Site, challenge: bytes) -> dict[str, Any]:
    """JSON of `PublicKeyCredentialRequestOptions`, for any passkey of the site."""
    options = webauthn.generate_authentication_options(
        rp_id=site.host,
        challenge=challenge,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json_dict(options)


def made(site: Site, answer: Mapping[str, Any], challenge: bytes) -> Verified | None:
    """The new passkey; None where the answer is not right."""
    try:
        found = webauthn.verify_registration_response(
            credential=dict(answer),
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except _FOREIGN:
        return None
    return Verified(found.credential_id, found.sign_count, found.credential_public_key)


def used(
    site: Site, answer: Mapping[str, Any], challenge: bytes, public_key: bytes, counter: int
) -> Verified | None:
    """The use of the passkey with this key, whose counter was at `counter`, or None."""
    try:
        found = webauthn.verify_authentication_response(
            credential=dict(answer),
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=counter,
            require_user_verification=True,
        )
    except _FOREIGN:
        return None
    return Verified(found.credential_id, found.new_sign_count, public_key)
