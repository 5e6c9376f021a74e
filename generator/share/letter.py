"""The addresses by which a reader writes to, or calls, those whom an action names."""

from collections.abc import Iterable

from generator.model.document import Action, Recipient
from generator.share.encode import encode, encode_mail, one_line
from generator.text.phones import e164


def letter_address(action: Action, recipient: Recipient | None = None) -> str:
    """A `mailto:` with the subject and the letter of an action (RFC 6068), to one recipient or to all who have mail.

    Everything but the `@` and the commas between addresses is percent-encoded, so nothing in it can add a header.
    """
    to = ",".join(encode(each).replace("%40", "@") for each in _mails(recipient, action.recipients))
    fields = {"subject": encode(one_line(action.subject)), "body": encode_mail(action.letter.strip())}
    query = "&".join(f"{name}={value}" for name, value in fields.items() if value)
    return f"mailto:{to}?{query}" if query else f"mailto:{to}"


def phone_address(number: str) -> str:
    """A `tel:` of a telephone number, in the form of ITU-T E.164 (RFC 3966)."""
    return f"tel:{e164(number)}"


def _mails(recipient: Recipient | None, recipients: Iterable[Recipient]) -> Iterable[str]:
    if recipient is not None:
        return (recipient.email,)
    return dict.fromkeys(each.email for each in recipients if each.email)
