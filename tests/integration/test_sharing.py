"""Who is given what: private answers by proof of access, public ones freely."""
import time

import harness
from harness import NO_ACCESS, OTHER_TOKEN, TOKEN

PRIVATE = "/repos/octo-org/secret/issues"
PRIVATE_PULLS = "/repos/octo-org/secret/pulls"
PRIVATE_RUNS = "/repos/octo-org/secret/actions/runs"
PUBLIC = "/repos/octocat/hello-world/issues"


class TestPrivate(harness.Bench):
    def test_second_token_pays_one_free_304_and_nothing_after_it(self):
        with self.mock.between() as first:
            body = self.node.ask(PRIVATE, TOKEN)
        self.assert_status(body, 200)
        self.assertEqual((first.requests, first.charged), (1, 1), first.brief())

        with self.mock.between() as second:
            answer = self.node.ask(PRIVATE, OTHER_TOKEN)
        self.assert_status(answer, 200)
        self.assertEqual(answer.body, body.body)
        self.assertEqual((second.requests, second.charged, second.not_modified), (1, 0, 1),
                         second.brief())

        with self.mock.between() as later:
            for _ in range(20):
                answer = self.node.ask(PRIVATE, OTHER_TOKEN)
                self.assert_status(answer, 200)
                self.assert_trace(answer, "hit", "detail=local")
        self.assertEqual(later.requests, 0, later.brief())

    def test_both_spellings_of_a_token_are_one_client(self):
        self.node.ask(PRIVATE, TOKEN)
        with self.mock.between() as seen:
            answer = self.node.ask(PRIVATE, None, headers=[("Authorization", f"Bearer {TOKEN}")])
        self.assert_status(answer, 200)
        self.assertEqual(seen.requests, 0, seen.brief())

    def test_proof_of_one_answer_covers_other_answers_of_the_same_permission(self):
        runs = [f"{PRIVATE_RUNS}?per_page={n}" for n in range(1, 6)]
        for path in runs:
            self.node.ask(path, TOKEN)
        with self.mock.between() as seen:
            for path in runs:
                self.assert_status(self.node.ask(path, OTHER_TOKEN), 200)
        self.assertEqual(seen.charged, 0, seen.brief())
        self.assertEqual(seen.requests, 1, seen.brief())

    def test_proof_of_one_permission_does_not_open_another(self):
        self.node.ask(PRIVATE_PULLS, TOKEN)
        self.assert_status(self.node.ask(PRIVATE_RUNS, OTHER_TOKEN), 200)
        self.mock.fault("status", path=PRIVATE_PULLS + "*", token=OTHER_TOKEN, status=403, count=-1)
        self.assert_status(self.node.ask(PRIVATE_PULLS, OTHER_TOKEN), 403)
        self.assert_status(self.node.ask(PRIVATE_PULLS, TOKEN), 200)

    def test_token_without_access_gets_githubs_404_whatever_is_cached(self):
        direct = self.mock.ask(PRIVATE, token=NO_ACCESS)
        self.assertEqual(direct.status, 404)
        for path in (PRIVATE, PRIVATE_RUNS, "/repos/octo-org/secret",
                     "/repos/octo-org/secret/issues/1", "/repos/octo-org/secret/contents"):
            self.assert_status(self.node.ask(path, TOKEN), 200)
            self.node.ask(path, TOKEN)
            refused = self.node.ask(path, NO_ACCESS)
            self.assert_status(refused, 404)
            self.assertEqual(refused.json()["message"], direct.json()["message"])
            self.assertNotIn(b"secret", refused.body.replace(path.encode(), b""))
            self.assert_status(self.node.ask(path, TOKEN), 200)

    def test_hundred_tokens_without_access_get_no_private_byte(self):
        self.node.ask(PRIVATE, TOKEN)
        for number in range(100):
            token = f"{NO_ACCESS}-{number}"
            self.assert_status(self.node.ask(PRIVATE, token), 404)
            self.assert_status(self.node.ask(PRIVATE, token, method="HEAD"), 404)

    def test_client_without_token_gets_no_private_answer(self):
        self.node.ask(PRIVATE, TOKEN)
        self.assert_status(self.node.ask(PRIVATE, None), 404)
        stale = self.node.ask(PRIVATE, None, headers=[("Cache-Control", "only-if-cached")])
        self.assertIn(stale.status, (404, 504))

    def test_revoked_token_gets_401_and_others_keep_their_answers(self):
        self.node.ask(PRIVATE, TOKEN)
        self.mock.token(OTHER_TOKEN, valid=False)
        self.assert_status(self.node.ask(PRIVATE, OTHER_TOKEN), 401)
        self.assert_status(self.node.ask(PRIVATE, TOKEN), 200)

    def test_404_ends_a_proof_at_once_on_every_route_of_the_permission(self):
        one, two = f"{PRIVATE_RUNS}?per_page=1", f"{PRIVATE_RUNS}?per_page=2"
        for token in (TOKEN, OTHER_TOKEN):
            self.assert_status(self.node.ask(one, token), 200)
            self.assert_status(self.node.ask(two, token), 200)
        self.mock.token(OTHER_TOKEN, deny=["octo-org/secret"])
        refused = self.node.ask(one, OTHER_TOKEN, headers=[("Cache-Control", "no-cache")])
        self.assert_status(refused, 404)
        self.assert_status(self.node.ask(two, OTHER_TOKEN), 404)
        self.assert_status(self.node.ask(two, TOKEN), 200)


class TestWithdrawal(harness.Bench):
    PROOF_S = 2
    node_options = ("--proof-ttl", str(PROOF_S))

    def test_withdrawn_permission_is_obeyed_within_the_proofs_life(self):
        self.node.ask(PRIVATE, TOKEN)
        proved_at = time.monotonic()
        self.assert_status(self.node.ask(PRIVATE, OTHER_TOKEN), 200)
        self.mock.token(OTHER_TOKEN, deny=["octo-org/secret"])

        last_served = proved_at
        while True:
            asked_at = time.monotonic()
            answer = self.node.ask(PRIVATE, OTHER_TOKEN)
            if answer.status != 200:
                break
            last_served = asked_at
            self.assertLess(asked_at - proved_at, self.PROOF_S + 1, "the proof does not end")
        self.assert_status(answer, 404)
        self.assertLessEqual(last_served - proved_at, self.PROOF_S + 0.2)
        for _ in range(5):
            self.assert_status(self.node.ask(PRIVATE, OTHER_TOKEN), 404)
        self.assert_status(self.node.ask(PRIVATE, TOKEN), 200)

    def test_proof_is_renewed_by_free_304s(self):
        self.node.ask(PRIVATE, TOKEN)
        with self.mock.between() as seen:
            self.node.wait_stale(PRIVATE, TOKEN)
            answer = self.node.ask(PRIVATE, TOKEN)
        self.assert_status(answer, 200)
        self.assert_trace(answer, "fwd=vary-miss", "fwd-status=304", "detail=proof")
        self.assertEqual((seen.requests, seen.charged), (1, 0), seen.brief())


class TestPublic(harness.Bench):
    node_options = ("--set", "github.time_scale=60")

    def test_public_answer_needs_no_proof_once_the_repository_was_seen_public(self):
        self.assert_status(self.node.ask("/repos/octocat/hello-world", TOKEN), 200)
        body = self.node.ask(PUBLIC, TOKEN)
        with self.mock.between() as seen:
            for token in (OTHER_TOKEN, NO_ACCESS, None):
                answer = self.node.ask(PUBLIC, token)
                self.assert_status(answer, 200)
                self.assertEqual(answer.body, body.body)
        self.assertEqual(seen.charged, 0, seen.brief())
        self.assertEqual(seen.requests, 0, seen.brief())

    def test_what_an_anonymous_client_fetched_costs_others_nothing(self):
        self.assert_status(self.node.ask(PUBLIC, None), 200)
        with self.mock.between() as seen:
            self.assert_status(self.node.ask(PUBLIC, TOKEN), 200)
            self.assert_status(self.node.ask(PUBLIC, OTHER_TOKEN), 200)
        self.assertEqual(seen.charged, 0, seen.brief())

    def test_what_a_token_fetched_costs_an_anonymous_client_one_304(self):
        body = self.node.ask(PUBLIC, TOKEN)
        with self.mock.between() as seen:
            answer = self.node.ask(PUBLIC, None)
        self.assert_status(answer, 200)
        self.assertEqual(answer.body, body.body)
        self.assertEqual((seen.requests, seen.not_modified), (1, 1), seen.brief())

    def test_repository_that_turned_private_is_closed_within_five_minutes(self):
        self.assert_status(self.node.ask("/repos/octocat/hello-world", TOKEN), 200)
        self.node.ask(PUBLIC, TOKEN)
        self.assert_status(self.node.ask(PUBLIC, None), 200)
        self.mock.change("/repos/octocat/hello-world", visibility="private")
        changed_at = time.monotonic()
        answer = harness.wait_for(
            lambda: (lambda a: a if a.status != 200 else None)(self.node.ask(PUBLIC, None)),
            "the anonymous client is refused", deadline_s=8)
        self.assert_status(answer, 404)
        self.assertLess(time.monotonic() - changed_at, 300 / 60 + 1)
        self.assert_status(self.node.ask(PUBLIC, TOKEN), 200)


class TestTokenBound(harness.Bench):
    def test_what_belongs_to_a_user_is_never_given_to_another(self):
        self.mock.token(TOKEN, login="octocat")
        self.mock.token(OTHER_TOKEN, login="hubot")
        for _ in range(2):
            self.assertEqual(self.node.ask("/user", TOKEN).json()["login"], "octocat")
            self.assertEqual(self.node.ask("/user", OTHER_TOKEN).json()["login"], "hubot")
        self.assert_status(self.node.ask("/user", None), 401)

    def test_each_token_has_its_own_copy_and_its_own_hits(self):
        self.mock.token(OTHER_TOKEN, login="hubot")
        for token in (TOKEN, OTHER_TOKEN):
            self.assert_status(self.node.ask("/user", token), 200)
        with self.mock.between() as seen:
            for token in (TOKEN, OTHER_TOKEN):
                self.assert_trace(self.node.ask("/user", token), "hit", "detail=local")
        self.assertEqual(seen.requests, 0, seen.brief())

    def test_repositories_listed_are_those_that_the_token_may_see(self):
        mine = {repo["full_name"] for repo in self.node.ask("/user/repos?per_page=100").json()}
        others = {repo["full_name"] for repo in
                  self.node.ask("/user/repos?per_page=100", NO_ACCESS).json()}
        self.assertIn("octo-org/secret", mine)
        self.assertNotIn("octo-org/secret", others)

    def test_temporary_tokens_in_a_body_go_only_to_whom_github_gave_them(self):
        path = "/repos/octo-org/secret/contents/README.md"
        first = self.node.ask(path, TOKEN)
        second = self.node.ask(path, OTHER_TOKEN)
        direct = self.mock.ask(path, token=OTHER_TOKEN,
                               headers=[("Accept", "application/vnd.github+json")])
        self.assertEqual((first.status, second.status), (200, 200))
        self.assertEqual(second.json(), direct.json())


if __name__ == "__main__":
    harness.main()
