"""What was counted as stored is there after a restart, a kill -9, and a hundred of them."""
import os
import random
import threading
import time

import harness
from harness import TOKEN

KILLS = 100


def fsck(node):
    return harness.run([harness.binary("mesh-inspect"), "--node", node.data, "fsck"],
                       harness.clean_environment(node.home))


def entries(node):
    """url -> sha256 of what the store holds on disk."""
    listed = node.ask("/-/entries?limit=10000", None).json()["entries"]
    return {entry["url"]: entry["sha256"] for entry in listed}


class TestRestart(harness.Bench):
    def test_entries_are_there_after_a_restart(self):
        paths = [f"/repos/octocat/hello-world/issues/{number}" for number in range(1, 51)]
        bodies = [self.node.ask(path).body for path in paths]
        harness.wait_for(lambda: len(entries(self.node)) == len(paths), "all are on disk")
        before = entries(self.node)
        self.restart()
        self.assertEqual(self.node.stats()["cache_entries"], len(before))
        self.assertEqual(entries(self.node), before)
        with self.mock.between() as seen:
            again = [self.node.ask(path).body for path in paths]
        self.assertEqual(again, bodies)
        self.assertEqual(seen.charged, 0, seen.brief())
        self.assertEqual(seen.not_modified, seen.requests)

    def test_token_bound_entries_are_revalidated_for_free_after_a_restart(self):
        for path in ("/user", "/user/repos?per_page=100"):
            self.assert_status(self.node.ask(path), 200)
        self.restart()
        with self.mock.between() as seen:
            for path in ("/user", "/user/repos?per_page=100"):
                self.assert_status(self.node.ask(path), 200)
        self.assertEqual((seen.charged, seen.not_modified), (0, 2), seen.brief())

    def test_private_entry_asks_for_proof_again_after_a_restart(self):
        path = "/repos/octo-org/secret/issues"
        self.assert_status(self.node.ask(path), 200)
        self.restart()
        self.mock.token(TOKEN, deny=["octo-org/secret"])
        self.assert_status(self.node.ask(path), 404)

    def test_node_keeps_its_identity(self):
        before = self.node.facts["peer_id"]
        self.restart()
        self.assertEqual(self.node.facts["peer_id"], before)

    def test_store_of_a_stopped_node_passes_fsck(self):
        self.node.ask("/repos/octocat/hello-world/issues")
        self.node.stop()
        code, out, errors = fsck(self.node)
        self.assertEqual(code, 0, out + errors)

    def test_lost_identity_costs_the_sealed_entries_and_nothing_else(self):
        self.node.ask("/repos/octo-org/secret/issues")
        self.node.stop()
        for folder, _, names in os.walk(self.node.fleet):
            for name in names:
                os.remove(os.path.join(folder, name))
        self.node = self.node.again()
        self.watch(self.node)
        self.assert_status(self.node.ask("/repos/octo-org/secret/issues"), 200)

    def test_damaged_data_file_costs_a_refetch_and_nothing_else(self):
        paths = [f"/repos/octocat/hello-world/issues/{number}" for number in range(1, 21)]
        bodies = [self.node.ask(path).body for path in paths]
        self.node.stop()
        path = max((os.path.join(folder, name) for folder, _, names in os.walk(self.node.data)
                    for name in names if name.endswith(".mdb") and "lock" not in name),
                   key=os.path.getsize)
        size = os.path.getsize(path)
        chance = random.Random(7)
        with open(path, "r+b") as file:
            for _ in range(200):
                file.seek(chance.randrange(8192, size))
                file.write(bytes([chance.randrange(256)]))
        self.node = self.node.again()
        self.watch(self.node)
        for path, body in zip(paths, bodies):
            answer = self.node.ask(path)
            self.assert_status(answer, 200)
            self.assertEqual(answer.body, body)


class TestKill(harness.Bench):
    """Writes never stop while the node is killed; each life is checked against the one before."""

    mock_options = ("--repos", "300", "--limit", "1000000")

    def urls(self):
        for size in range(1, 101):
            for number in range(300):
                yield f"/repos/octo-org/app-{number:02}/labels?per_page={size}"

    def write_on(self, urls, stop):
        """Fills the store over one kept connection until the node dies."""
        try:
            with self.node.client() as client:
                while not stop.is_set():
                    if client.ask(next(urls)).status != 200:
                        return
        except (OSError, harness.wire.http.client.HTTPException):
            return

    def one_life(self, urls, chance):
        """(what was counted as committed at the last look, url -> sha256 seen on disk)."""
        stop = threading.Event()
        writer = threading.Thread(target=self.write_on, args=(urls, stop))
        writer.start()
        writes = self.node.stats()["cache_writes"] + chance.randrange(1, 40)
        self.node.wait_written(writes)
        seen = entries(self.node)
        counted = self.node.stats()["cache_entries"]
        time.sleep(chance.random() * 0.02)  # any moment of a commit, not always the same
        self.node.kill()
        stop.set()
        writer.join()
        return counted, seen

    def test_nothing_counted_is_lost_in_100_kills_in_the_middle_of_writes(self):
        chance = random.Random(1)
        urls = self.urls()
        seen = {}
        for life in range(KILLS):
            counted, seen = self.one_life(urls, chance)
            if life % 10 == 0:
                code, out, errors = fsck(self.node)
                self.assertEqual(code, 0, f"life {life}: {out}{errors}")
            self.node = self.node.again()
            self.watch(self.node)
            stats = self.node.stats()
            self.assertGreaterEqual(stats["cache_entries"], counted, f"life {life}")
            self.assertEqual((stats["store_damaged"], stats["store_quarantines"]), (0, 0))
            found = entries(self.node)
            lost = {url for url, sha256 in seen.items() if found.get(url) != sha256}
            self.assertEqual(lost, set(), f"life {life}")

        print(f"{KILLS} kills, {len(seen)} entries")
        self.assertGreater(len(seen), KILLS)
        sample = chance.sample(sorted(seen), 100)
        with self.mock.between() as window:
            for url in sample:
                self.assert_status(self.node.ask(url), 200)
        self.assertEqual(window.charged, 0, "every body is good: GitHub confirms its ETag")
        self.node.stop()
        code, out, errors = fsck(self.node)
        self.assertEqual(code, 0, out + errors)


if __name__ == "__main__":
    harness.main()
