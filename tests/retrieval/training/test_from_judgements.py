"""How judgements become verdicts, and what a few accounts can and cannot make of that."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from documents.models import Collection, Document
from retrieval.models import Judgement
from retrieval.training.data.from_judgements import VotingRule, majority_judgements
from tests.api import make_user

pytestmark = pytest.mark.django_db
RULE = VotingRule(quorum=2, staff_weight=2, per_user=5)
Judge = Callable[..., None]


@pytest.fixture
def document() -> Document:
    handbook = Collection.objects.create(name="Handbook", slug="handbook")
    return Document.objects.create(collection=handbook, external_id="1", title="Bees", version=1)


@pytest.fixture
def judge(document: Document) -> Judge:
    def judge(user: User | None, query: str, relevant: bool) -> None:
        Judgement.objects.create(user=user, query=query, document=document, relevant=relevant)

    return judge


def verdicts(rule: VotingRule = RULE) -> dict[str, bool]:
    judged, _ = majority_judgements(rule)
    return {one.query: verdict for one in judged for verdict in one.documents.values()}


def test_a_verdict_needs_users_who_agree_or_one_of_staff(judge: Judge) -> None:
    ada, ben, cyd, boss = (*map(make_user, ("ada", "ben", "cyd")), make_user("boss", staff=True))
    judge(ada, "alone", True)
    for user in (ada, ben):
        judge(user, "two", True)
    for user, said in ((ada, True), (ben, False), (cyd, False)):
        judge(user, "most", said)
    judge(boss, "staff", False)
    judge(boss, "even", False)
    for user in (ada, ben):
        judge(user, "even", True)
    judge(boss, "against one", False)
    judge(ada, "against one", True)
    assert verdicts() == {"two": True, "most": False, "staff": False, "against one": False}
    assert majority_judgements(RULE)[1] == 2  # "alone" and "even"


def test_few_accounts_decide_no_more_than_their_share(judge: Judge) -> None:
    """Three accounts say of a hundred queries what is not so; others have judged ten of them."""
    honest = [make_user(f"honest{n}") for n in range(6)]
    for n in range(10):
        for user in honest[n % 2 :: 2]:
            judge(user, f"query {n:02}", True)
    before = verdicts()
    assert len(before) == 10
    attackers = [make_user(f"attacker{n}") for n in range(3)]
    for n in range(100):
        for user in attackers:
            judge(user, f"query {n:02}", False)
    after = verdicts()
    turned = {query for query, verdict in after.items() if not verdict}
    assert len(turned) <= len(attackers) * RULE.per_user / RULE.quorum
    assert {query for query, verdict in after.items() if verdict} == set(before)


def test_staff_overrule_accounts_that_agree_against_them(judge: Judge) -> None:
    for name in ("ada", "ben", "cyd"):
        judge(make_user(name), "bees", False)
    for name in ("boss", "chief"):
        judge(make_user(name, staff=True), "bees", True)
    assert verdicts() == {"bees": True}
    assert verdicts(VotingRule(quorum=2, staff_weight=1, per_user=5)) == {"bees": False}


def test_the_newest_judgements_of_a_user_count_and_all_of_staff(judge: Judge) -> None:
    users = [make_user("ada"), make_user("ben"), make_user("boss", staff=True)]
    for n in range(8):
        for user in users:
            judge(user, f"{user.is_staff} {n}", True)
    for row in Judgement.objects.all():
        age = timedelta(days=8 - int(row.query[-1]))
        Judgement.objects.filter(pk=row.pk).update(created_at=timezone.now() - age)
    counted = verdicts()
    assert {query for query in counted if query.startswith("False")} == {
        f"False {n}" for n in range(3, 8)
    }
    assert sum(query.startswith("True") for query in counted) == 8


def test_a_deactivated_account_has_no_vote_and_deleted_ones_have_one_together(
    judge: Judge, document: Document
) -> None:
    left = make_user("left")
    User.objects.filter(pk=left.pk).update(is_active=False)
    judge(make_user("ada"), "bees", True)
    judge(left, "bees", True)
    for _ in range(5):
        judge(None, "wasps", True)
    assert verdicts() == {}
    judge(make_user("ben"), "wasps", True)
    assert verdicts() == {"wasps": True}


def test_documents_in_the_trash_have_no_verdict(judge: Judge, document: Document) -> None:
    judge(make_user("boss", staff=True), "bees", True)
    assert verdicts() == {"bees": True}
    Document.objects.filter(pk=document.pk).update(deleted_at=timezone.now())
    assert verdicts() == {}


def test_the_settings_are_the_rule(judge: Judge, settings: Any) -> None:
    judge(make_user("ada"), "bees", True)
    assert majority_judgements() == ([], 1)
    settings.JUDGEMENT_QUORUM = 1
    assert verdicts(VotingRule.from_settings()) == {"bees": True}
